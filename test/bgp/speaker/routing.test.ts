import t from "tap";
import { defaultRouter, type RouterConfig } from "../../../src/bgp/config/config.ts";
import type { ForwardingChange } from "../../../src/bgp/speaker/host.ts";
import { Routing } from "../../../src/bgp/speaker/routing.ts";
import { Turns } from "../../../src/bgp/speaker/turns.ts";
import { prefixesOf } from "../../../src/bgp/wire/nlri.ts";
import type { RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { MemoryNetwork } from "../../../src/simulation/memory-network.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";
import type { Clock } from "../../../src/std/clock.ts";

const config: RouterConfig = {
  ...defaultRouter,
  name: "r1",
  netns: null,
  log: null,
  logLevel: "error",
  asn: asn(64512),
  routerId: "0.0.0.1" as RouterId,
  originate: [],
  sessions: [],
};

/** A router's routes on a machine where every look at the clock finds it so many milliseconds later. */
function create(stepMs: number) {
  const virtual = new VirtualClock();
  let passed = 0;
  const clock: Clock = {
    now: () => {
      passed += stepMs;
      return virtual.now() + passed;
    },
    wallTime: () => virtual.wallTime(),
    after: (ms, task) => virtual.after(ms, task),
  };
  const host = new MemoryNetwork(virtual).host("r1");
  const slices: number[] = [];
  const changed = ({ length }: { readonly length: number }) => void slices.push(length);
  const routing = new Routing({
    config,
    host,
    clock,
    turns: new Turns(clock),
    session: () => undefined,
    link: () => undefined,
    changed,
  });
  return { virtual, host, routing, slices };
}

const many = Array.from({ length: 20_000 }, (_, n) => prefix(`10.${n >> 8}.${n & 255}.0/24`));

t.test("what is much is done in turns, between which others have theirs", async (t) => {
  const { virtual, routing, slices } = create(20);
  let [others, idle] = [0, false];
  virtual.after(0, () => others++);
  routing.after((rib) => {
    for (const each of many) rib.originate(each);
  });
  t.strictSame(slices, [4096], "one turn, since it took long");
  routing.whenIdle(() => {
    idle = true;
  });
  virtual.step(0);
  t.strictSame([others, idle, slices.length], [1, false, 1], "who waited before has a turn before");
  virtual.advance(1);
  t.strictSame(slices, [4096, 4096, 4096, 4096, 20_000 - 4 * 4096]);
  t.equal(routing.forwarding.size, many.length);
  t.ok(idle);
  routing.after((rib) => {
    for (const each of many) rib.withdraw(each);
  });
  virtual.advance(1);
  t.equal(routing.forwarding.size, 0);
});

t.test("what is quick is done at once", async (t) => {
  const { routing, slices } = create(0);
  routing.after((rib) => {
    for (const each of many) rib.originate(each);
  });
  t.equal(slices.length, 5);
});

t.test("what waits for nothing is done at once", async (t) => {
  const { routing } = create(0);
  let idle = false;
  routing.whenIdle(() => {
    idle = true;
  });
  t.ok(idle);
});

t.test("an originated prefix is not for the kernel", async (t) => {
  const { host, routing } = create(0);
  const forwarded: ForwardingChange[] = [];
  host.forward = (changes) => {
    forwarded.push(...changes);
    return [];
  };
  routing.after((rib) => rib.originate(prefix("10.0.1.0/24")));
  routing.after((rib) => rib.withdraw(prefix("10.0.1.0/24")));
  t.strictSame(
    forwarded.flatMap(({ nlri }) => prefixesOf(nlri)),
    [],
  );
});
