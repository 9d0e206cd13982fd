import t from "tap";
import { listNetns, netnsPath } from "../../../src/linux/netns.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import { networkDifference } from "../../../src/plan/difference.ts";
import { inherit } from "../../../src/plan/inherit.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { planOf } from "../../support/lab-status.ts";
import { testLab } from "./lab.ts";

const never = new AbortController().signal;

/** Interfaces of a namespace and their MTU. */
function mtus(netns: string): Record<string, number> {
  using rtnetlink = Rtnetlink.open(netnsPath(netns));
  const links = rtnetlink.links().filter(({ ifname }) => /^(eth|lan)/.test(ifname));
  return Object.fromEntries(links.map(({ ifname, mtu }) => [ifname, mtu]));
}

t.test("a network is altered step by step, and what stays is not touched", async (t) => {
  const { name, runtime } = testLab(t);
  const plan = (routers: string, links: string): Plan =>
    planOf(`name: ${name}\nrouters: { ${routers} }\nlinks: [${links}]`);
  const before = plan("r1: { originate: [10.1.0.0/16] }, r2: {}, r3: {}", "r1 -- r2, [r1, r2, r3]");
  const target = plan(
    "r1: { originate: [10.2.0.0/16] }, r2: {}, r3: {}, r4: {}",
    "{ link: r1 -- r2, mtu: 1400, rate: 1gbit }, { link: [r1, r2, r4], mtu: 1300 }, r4 -- r1",
  );
  await runtime.plumb(before, { signal: never });
  const after = inherit(target, before);
  await runtime.alter(name, networkDifference(before, after, { sure: true }), { signal: never });
  t.strictSame(mtus(`fe80.${name}.r1`), { eth0: 1400, eth1: 1300, eth2: 9500 });
  t.strictSame(mtus(`fe80.${name}.r4`), { eth0: 1300, eth1: 9500 });
  t.strictSame(mtus(`fe80.${name}._lan`), { lan1: 1300, "lan1-0": 1300, "lan1-1": 1300, "lan1-3": 1300 });
  t.strictSame(mtus(`fe80.${name}.r3`), {});
  {
    using rtnetlink = Rtnetlink.open(netnsPath(`fe80.${name}.r1`));
    const addresses = rtnetlink.addresses().map(({ address }) => address);
    t.ok(addresses.includes("10.2.0.1" as (typeof addresses)[number]));
    t.notOk(addresses.includes("10.1.0.1" as (typeof addresses)[number]));
  }
  const found = await runtime.survey(name);
  t.strictSame(found.interfaces.get(`fe80.${name}.r4`)?.toSorted(), ["eth0", "eth1"]);
  t.strictSame(found.daemons, []);

  const back = networkDifference(after, inherit(before, after), { sure: true });
  for (const _ of [1, 2])
    await runtime.alter(
      name,
      back.filter(({ type }) => !["plug", "link"].includes(type)),
      { signal: never },
    );
  t.notOk(listNetns().includes(`fe80.${name}.r4`), "what is gone already may go again");
});
