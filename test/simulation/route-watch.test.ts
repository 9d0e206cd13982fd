import t from "tap";
import type { StatusEvent } from "../../src/bgp/control/status.ts";
import type { Address } from "../../src/net/address.ts";
import { prefix } from "../../src/net/prefix.ts";
import { MemoryNetwork } from "../../src/simulation/memory-network.ts";
import { RouteWatch } from "../../src/simulation/route-watch.ts";
import { VirtualClock } from "../../src/simulation/virtual-clock.ts";
import { routeOf, sessionOf, shippedPlan } from "../support/lab-status.ts";

const plan = shippedPlan("seed-pair");
const [session] = plan.expectation.sessions;
if (!session) throw new Error("the plan has no session");

const theirs = prefix("10.0.2.0/24");
const nextHop = "fe80::2" as Address;
const told: StatusEvent = {
  type: "route",
  route: {
    ...routeOf({ router: "r1", prefix: theirs, via: "eth0" }),
    nextHop,
    nextHops: [{ via: "eth0", nextHop }],
  },
};
const gone: StatusEvent = { type: "routeGone", router: "r1", prefix: theirs };
const down: StatusEvent = { type: "session", session: sessionOf(plan, session, { state: "Active" }) };

/** The problems of a router that forwards the prefix this way and tells of these events. */
function watch(via: Address | undefined, ...events: StatusEvent[]): readonly string[] {
  const host = new MemoryNetwork(new VirtualClock()).host("r1");
  if (via) host.routes.set(theirs, [{ ifindex: 100, address: via }]);
  const watch = new RouteWatch(host);
  for (const event of events) watch.observe(event);
  return watch.problems;
}

t.test("a route is told of only when it forwards, and as it forwards", async (t) => {
  t.strictSame(watch(nextHop, told), []);
  t.strictSame(watch(undefined, told), [
    "r1 tells that it forwards 10.0.2.0/24 via fe80::2, which goes via nowhere",
  ]);
  t.strictSame(watch("fe80::3" as Address, told), [
    "r1 tells that it forwards 10.0.2.0/24 via fe80::2, which goes via fe80::3",
  ]);
});

t.test("a route that is gone forwards no more", async (t) => {
  t.strictSame(watch(undefined, gone), []);
  t.strictSame(watch(nextHop, told, gone), ["r1 still forwards 10.0.2.0/24"]);
});

t.test("a session that is down has left no route behind", async (t) => {
  t.strictSame(watch(undefined, down), []);
  t.strictSame(watch(nextHop, told, down), ["r1 uses 10.0.2.0/24 of r1:eth0, which is Active"]);
});
