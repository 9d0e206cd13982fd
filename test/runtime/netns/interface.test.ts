import t from "tap";
import { netnsPath } from "../../../src/linux/netns.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../../src/net/address.ts";
import { pairPlan, script, testLab } from "./lab.ts";

const never = new AbortController().signal;

t.test("an interface goes down, and comes up with its address and its carrier", async (t) => {
  const { name, runtime } = testLab(t);
  await runtime.plumb(pairPlan(name), { signal: never });
  const target = { lab: name, router: "r1" };
  t.strictSame(await runtime.interfaces(target), ["eth0"]);
  using r1 = Rtnetlink.open(netnsPath(`fe80.${name}.r1`));
  using r2 = Rtnetlink.open(netnsPath(`fe80.${name}.r2`));
  const eth0 = (rtnetlink: Rtnetlink) => rtnetlink.links().find(({ ifname }) => ifname === "eth0");
  await runtime.setInterface({ ...target, ifname: "eth0" }, { type: "down" });
  t.match(eth0(r1), { up: false, running: false });
  t.match(eth0(r2), { up: true }, "the other end is told by its carrier alone");
  const linkLocal = "fe80::1" as Address;
  for (let round = 0; round < 2; round++) {
    await runtime.setInterface(
      { ...target, ifname: "eth0" },
      { type: "up", addresses: [{ address: linkLocal, length: 64 }] },
    );
    t.match(eth0(r1), { up: true, running: true });
    t.ok(
      r1.addresses().some(({ address }) => address === linkLocal),
      "also if it is up already",
    );
  }
  await t.rejects(runtime.setInterface({ ...target, ifname: "eth9" }, { type: "down" }), {
    code: "SYSTEM_CALL_FAILED",
    message: /^set down link eth9 in .*: ENODEV/,
  });
});

t.test("a router has the loopback addresses that it is given, and no others", async (t) => {
  const { name, runtime } = testLab(t);
  await runtime.plumb(pairPlan(name), { signal: never });
  using r1 = Rtnetlink.open(netnsPath(`fe80.${name}.r1`));
  const loopback = () =>
    r1.addresses().flatMap(({ ifindex, address, length }) => (ifindex === 1 ? `${address}/${length}` : []));
  const kernels = ["127.0.0.1/8", "::1/128"];
  t.strictSame(new Set(loopback()), new Set([...kernels, "10.0.1.1/32", "2001:db8:1::1/128"]));
  for (let round = 0; round < 2; round++) {
    await runtime.setLoopback({ lab: name, router: "r1" }, ["10.0.1.1", "10.9.0.1"] as Address[]);
    t.strictSame(new Set(loopback()), new Set([...kernels, "10.0.1.1/32", "10.9.0.1/32"]));
  }
  await runtime.setLoopback({ lab: name, router: "r1" }, []);
  t.strictSame(new Set(loopback()), new Set(kernels));
});

t.test("one daemon of a lab ends, with all that it started, and the others go on", async (t) => {
  const lab = testLab(t);
  const text = "sleep 1000 & sleep 1000";
  const [one, other] = [script(lab, text, { name: "one" }), script(lab, text, { name: "other" })];
  const process = lab.runtime.start(lab.name, one);
  t.ok(lab.runtime.start(lab.name, other).pid > 0);
  t.equal(await lab.runtime.stateOf(lab.name, one), "running");
  await lab.runtime.stop(lab.name, one);
  t.equal(await process.ended, "SIGTERM");
  t.equal(await lab.runtime.stateOf(lab.name, one), "ended");
  t.equal(await lab.runtime.stateOf(lab.name, other), "running");
  await lab.runtime.stop(lab.name, one);
});
