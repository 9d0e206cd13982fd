import { execFileSync } from "node:child_process";
import t from "tap";
import { listNetns, netnsPath } from "../../../src/linux/netns.ts";
import { RTPROT_STATIC } from "../../../src/linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../../src/net/address.ts";
import { pairPlan, removed, testLab } from "./lab.ts";

const never = new AbortController().signal;

t.test("a plan becomes namespaces, links that run and addresses, and nothing on the host", async (t) => {
  const { name, runtime } = testLab(t);
  using host = Rtnetlink.open(null);
  const before = host.links();
  const plan = pairPlan(name, 9000);
  await runtime.plumb(plan, { signal: never });
  t.same(host.links(), before);
  for (const [index, { netns, loopback }] of plan.nodes.entries()) {
    using rtnetlink = Rtnetlink.open(netnsPath(netns));
    const end = plan.links[0]?.ends[index];
    t.match(
      rtnetlink.links().find(({ ifname }) => ifname === "eth0"),
      { ifindex: 100, mac: end?.mac, mtu: 9000, up: true, running: true },
    );
    const neighbors = execFileSync("ip", ["-n", netns, "-6", "neighbor", "show"], { encoding: "utf8" });
    const peer = plan.links[0]?.ends[1 - index];
    t.match(neighbors, `${peer?.linkLocal} dev eth0 lladdr ${peer?.mac} extern_learn`);
    const addresses = rtnetlink.addresses().map(({ address, length }) => `${address}/${length}`);
    const [v4, v6] = loopback;
    t.same(
      addresses.sort(),
      ["127.0.0.1/8", "::1/128", `${v4}/32`, `${v6}/128`, `${end?.linkLocal}/64`].sort(),
    );
  }
  t.same(
    (await runtime.labs()).find((lab) => lab.name === name),
    { name, routers: ["r1", "r2"] },
  );
});

t.test("interfaces whose index the plan leaves open get their addresses too", async (t) => {
  const { name, runtime } = testLab(t);
  const plan = pairPlan(name);
  const links = plan.links.map(({ ends: [a, b], mtu }) => ({
    ends: [
      { ...a, ifindex: undefined },
      { ...b, ifindex: undefined },
    ] as const,
    mtu,
  }));
  await runtime.plumb({ ...plan, links }, { signal: never });
  using rtnetlink = Rtnetlink.open(netnsPath(`fe80.${name}.r2`));
  t.ok(rtnetlink.addresses().some(({ address, ifindex }) => address === "fe80::2" && ifindex > 1));
});

t.test("what the kernel refuses is named by the router or link of the plan", async (t) => {
  const { name, runtime } = testLab(t);
  const plan = pairPlan(name);
  const [link] = plan.links;
  await t.rejects(runtime.plumb({ ...plan, links: link ? [link, link] : [] }, { signal: never }), {
    name: "PlumbingError",
    code: "PLUMBING_FAILED",
    step: "link r1:eth0 -- r2:eth0",
    cause: { errnoName: "EEXIST" },
  });
  await t.rejects(runtime.plumb(plan, { signal: never }), {
    message: `router r1: open /run/netns/fe80.${name}.r1: EEXIST (file already exists)`,
  });
});

t.test("an abort stops between two steps, and what is half-made can be removed", async (t) => {
  const { name, runtime } = testLab(t);
  const abort = new AbortController();
  const plumbing = runtime.plumb(pairPlan(name), { signal: abort.signal });
  abort.abort(new Error("Ctrl-C"));
  await t.rejects(plumbing, { message: "Ctrl-C" });
  const half = listNetns().filter((netns) => netns.startsWith(`fe80.${name}.`));
  t.same(half, [`fe80.${name}.r1`]);
  t.same(await removed(runtime, name), [{ type: "netns", name: `fe80.${name}.r1` }]);
});

t.test(
  "a host has its addresses and a default route through its router, which has the gateways",
  async (t) => {
    const { name, runtime } = testLab(t);
    const plan = pairPlan(name);
    const [link] = plan.links;
    const ifindex = 101;
    const end = (index: 0 | 1, router: string, addresses: readonly [string, number][]) => ({
      linkLocal: (link?.ends[index].linkLocal ?? "") as Address,
      router,
      ifname: "eth9",
      ifindex,
      mac: `02:00:00:00:00:0${index + 1}`,
      addresses: addresses.map(([address, length]) => ({ address: address as Address, length })),
    });
    const ends = [
      end(0, "h1", [
        ["10.9.0.10", 24],
        ["2001:db8:9::10", 64],
      ]),
      end(1, "r2", [
        ["10.9.0.1", 24],
        ["2001:db8:9::1", 64],
      ]),
    ] as const;
    const conditions = { rate: 8_000_000, delay: 0, jitter: 0, loss: 0 };
    const gateway = "fe80::2" as Address;
    const host = { name: "h1", netns: `fe80.${name}.h1`, ifname: "eth9", gateway, families: [4, 6] as const };
    await runtime.plumb(
      { ...plan, hosts: [host], links: [...plan.links, { ends, mtu: 1500, conditions }] },
      { signal: never },
    );
    using rtnetlink = Rtnetlink.open(netnsPath(host.netns));
    t.strictSame(
      Array.from(rtnetlink.routes(RTPROT_STATIC), ({ prefix, target }) => ({ prefix, target })),
      ["0.0.0.0/0", "::/0"].map((prefix) => ({ prefix, target: [{ ifindex, gateway }] })),
    );
    const signal = AbortSignal.timeout(5000);
    const inHost = (...command: [string, ...string[]]) =>
      runtime.capture({ lab: name, router: "h1" }, command, { signal }).then(({ stdout }) => stdout);
    t.match(await inHost("tc", "qdisc", "show", "dev", "eth9"), /tbf .*rate 8Mbit burst 64Kb lat 50ms/);
    t.match(await inHost("ping", "-c1", "-W2", "10.9.0.1"), / 0% packet loss/);
    t.equal(await inHost("cat", "/proc/sys/net/ipv4/ip_forward"), "0");
    const has = () => ({
      addresses: rtnetlink
        .addresses()
        .map(({ address }) => address)
        .sort(),
      routes: [...rtnetlink.routes(RTPROT_STATIC)],
    });
    const before = has();
    const target = { lab: name, router: "h1", ifname: "eth9" };
    await runtime.setInterface(target, { type: "down" });
    t.strictSame(has().routes, [], "the kernel takes them away");
    const addresses = [{ address: ends[0].linkLocal, length: 64 }, ...ends[0].addresses];
    await runtime.setInterface(target, { type: "up", addresses, defaultRoutes: host });
    t.strictSame(has(), before);
  },
);

t.test("what the kernel has no queue for is told before anything is made", async (t) => {
  const { name, runtime } = testLab(t);
  const plan = pairPlan(name);
  const withConditions = (conditions: { rate: number | null; delay: number }) => ({
    ...plan,
    links: plan.links.map((link) => ({ ...link, conditions: { jitter: 0, loss: 0, ...conditions } })),
  });
  await runtime.preflight(withConditions({ rate: 1e6, delay: 0 }), { signal: never });
  const before = listNetns();
  const netem = await runtime.preflight(withConditions({ rate: null, delay: 1000 }), { signal: never }).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (netem !== undefined) t.match(netem, { code: "KERNEL_FEATURE_MISSING", hint: /modules/ });
  t.strictSame(listNetns(), before);
});

t.test("a shared link is a bridge in a namespace of its own, which is no router's", async (t) => {
  const { name, runtime } = testLab(t);
  const plan = pairPlan(name);
  const [link] = plan.links;
  const ends = (link?.ends ?? []).map((end, index) => ({
    ...end,
    ifname: "lan0",
    ifindex: undefined,
    mac: end.mac.replace("02:", "06:"),
    port: { ifname: `lan1-${index}`, ifindex: 1_000_000 + index },
  }));
  const netns = `fe80.${name}._lan`;
  const segments = [{ netns, bridge: "lan1", ends, mtu: 9000 }];
  await runtime.plumb({ ...plan, segments }, { signal: never });
  using bridges = Rtnetlink.open(netnsPath(netns));
  t.match(
    bridges.links().filter(({ ifname }) => ifname !== "lo"),
    ["lan1", "lan1-0", "lan1-1"].map((ifname) => ({ ifname, up: true, running: true, mtu: 9000 })),
  );
  t.strictSame(bridges.addresses(), [], "it says nothing itself");
  using router = Rtnetlink.open(netnsPath(`fe80.${name}.r2`));
  t.match(
    router.links().find(({ ifname }) => ifname === "lan0"),
    { running: true, mtu: 9000 },
  );
  t.same((await runtime.labs()).find((lab) => lab.name === name)?.routers, ["r1", "r2"]);
  await removed(runtime, name);
  t.notOk(listNetns().includes(netns));
});
