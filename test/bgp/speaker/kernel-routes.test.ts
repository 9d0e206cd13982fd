import { execFileSync } from "node:child_process";
import t from "tap";
import type { RouteSource } from "../../../src/bgp/config/config.ts";
import { KernelHost } from "../../../src/bgp/speaker/kernel-host.ts";
import { Turns } from "../../../src/bgp/speaker/turns.ts";
import { Poller } from "../../../src/linux/poller.ts";
import { addAddress, deleteAddress } from "../../../src/linux/rtnetlink/address.ts";
import { setLinkDown, setLinkUp } from "../../../src/linux/rtnetlink/link.ts";
import { RtnetlinkMonitor } from "../../../src/linux/rtnetlink/monitor.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../../src/net/address.ts";
import type { Prefix } from "../../../src/net/prefix.ts";
import { pause, systemClock } from "../../../src/std/clock.ts";
import { pair } from "../../linux/sandbox.ts";

/** What a router's host tells it of others' routes. */
function watch(netns: string, sources: readonly RouteSource[], routers = 1) {
  const stack = new AsyncDisposableStack();
  const poller = stack.use(new Poller());
  const monitor = stack.use(new RtnetlinkMonitor(poller));
  const host = stack.use(
    new KernelHost({
      netns,
      poller,
      monitor,
      clock: systemClock,
      turns: new Turns(systemClock),
      routers: () => routers,
    }),
  );
  const told = { routes: [] as string[], disturbed: [] as (string | undefined)[] };
  host.watchRoutes({
    disturbed: (prefix) => void told.disturbed.push(prefix),
    ...(sources.length > 0 && {
      redistribute: {
        sources,
        routes: (prefixes: ReadonlySet<Prefix>) => {
          told.routes = [...prefixes].sort();
        },
      },
    }),
  });
  return { host, told, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

async function until(fact: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(10_000);
  while (!fact()) await pause(systemClock, 5, signal);
}

const ip = (netns: string, line: string) =>
  execFileSync("ip", ["-n", netns.slice("/run/netns/".length), ...line.split(" ")]);

t.test("addresses of interfaces are told as connected, as they come and go", async (t) => {
  const [a] = pair(t).ends;
  using kernel = Rtnetlink.open(a.netns);
  const given = { ifindex: 100, address: "10.9.0.1" as Address, length: 24 };
  kernel.request([addAddress(given), addAddress({ ifindex: 1, address: "10.8.0.1" as Address, length: 32 })]);
  await using watched = watch(a.netns, ["connected"]);
  const { told } = watched;
  t.strictSame(told.routes, ["10.8.0.1/32", "10.9.0.0/24"], "nothing link-local, and not 127.0.0.0/8");
  kernel.request([addAddress({ ifindex: 100, address: "2001:db8:9::1" as Address, length: 64 })]);
  await until(() => told.routes.includes("2001:db8:9::/64"));
  kernel.request([deleteAddress(given)]);
  await until(() => !told.routes.includes("10.9.0.0/24"));
  kernel.request([setLinkDown("eth0")]);
  await until(() => told.routes.join() === "10.8.0.1/32");
  t.strictSame(told.disturbed, []);
});

t.test("routes that people put there are told as static, and ours are not", async (t) => {
  const [a] = pair(t).ends;
  ip(a.netns, "route add 10.7.0.0/16 via inet6 fe80::2 dev eth0");
  await using watched = watch(a.netns, ["static"]);
  const { host, told } = watched;
  t.strictSame(told.routes, ["10.7.0.0/16"]);
  const nlri = { family: 4, addPath: false, octets: Uint8Array.of(8, 10) } as const;
  t.strictSame(host.forward([{ nlri, via: [{ ifindex: 100, address: "fe80::2" as Address }] }]), []);
  ip(a.netns, "route add 10.6.0.0/16 via inet6 fe80::2 dev eth0 proto static");
  await until(() => told.routes.includes("10.6.0.0/16"));
  ip(a.netns, "route del 10.7.0.0/16");
  await until(() => !told.routes.includes("10.7.0.0/16"));
  t.strictSame(told, { routes: ["10.6.0.0/16"], disturbed: [] });
});

t.test(
  "a route of ours that somebody else takes away is told, and one that we take away is not",
  async (t) => {
    const [a] = pair(t).ends;
    await using watched = watch(a.netns, []);
    const { host, told } = watched;
    const via = [{ ifindex: 100, address: "fe80::2" as Address }];
    const octets = Uint8Array.of(16, 10, 1, 16, 10, 2, 16, 10, 3);
    const nlri = { family: 4, addPath: false, octets } as const;
    host.forward([{ nlri, via }]);
    t.strictSame(
      [...host.forwarded()],
      ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"].map((prefix) => ({ prefix, via })),
    );
    host.forward([{ nlri: { ...nlri, octets: octets.subarray(0, 3) }, via: [] }]);
    ip(a.netns, "route del 10.2.0.0/16");
    await until(() => told.disturbed.length > 0);
    t.strictSame(told.disturbed, ["10.2.0.0/16"]);
  },
);

t.test(
  "of many routers none hears of others' changes before all is quiet; what it has missed, it is told",
  async (t) => {
    const [a] = pair(t).ends;
    await using watched = watch(a.netns, [], 1000);
    const { host, told } = watched;
    const via = [{ ifindex: 100, address: "fe80::2" as Address }];
    host.forward([{ nlri: { family: 4, addPath: false, octets: Uint8Array.of(8, 10, 8, 11) }, via }]);
    ip(a.netns, "route del 10.0.0.0/8");
    await until(() => told.disturbed.length > 0);
    t.strictSame(told.disturbed, [undefined]);
    ip(a.netns, "route del 11.0.0.0/8");
    await until(() => told.disturbed.length > 1);
    t.strictSame(told.disturbed, [undefined, "11.0.0.0/8"]);
  },
);

t.test("after more changes than can be told, any may have changed", async (t) => {
  const [a] = pair(t).ends;
  await using watched = watch(a.netns, []);
  // Nothing is read meanwhile, for this takes the thread.
  const adds = Array.from(
    { length: 40_000 },
    (_, n) => `route add 10.${n >> 8}.${n & 255}.0/24 dev eth0 proto 80`,
  );
  execFileSync("ip", ["-n", a.netns.slice("/run/netns/".length), "-batch", "-"], { input: adds.join("\n") });
  await until(() => watched.told.disturbed.includes(undefined));
  t.pass("told");
});

t.test("an interface that goes down and comes back has its routes again when it is told so", async (t) => {
  const [a] = pair(t).ends;
  await using watched = watch(a.netns, []);
  using kernel = Rtnetlink.open(a.netns);
  const via = [{ ifindex: 100, address: "fe80::2" as Address }];
  const nlri = { family: 4, addPath: false, octets: Uint8Array.of(8, 10) } as const;
  watched.host.forward([{ nlri, via }]);
  kernel.request([setLinkDown("eth0")]);
  t.strictSame([...watched.host.forwarded()], [], "the kernel takes them away without a word");
  t.strictSame(watched.host.forward([{ nlri, via: [] }]), [], "and to take them away again is no failure");
  t.strictSame(watched.host.forward([{ nlri, via }]), [{ prefix: "10.0.0.0/8", error: "ENETDOWN" }]);
  kernel.request([setLinkUp("eth0")]);
  t.strictSame(watched.host.forward([{ nlri, via }]), []);
});
