import t from "tap";
import type { StatusEvent } from "../../../src/bgp/control/status.ts";
import { News } from "../../../src/bgp/speaker/news.ts";
import type { RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";

const router = (name: string, changeCount: number): StatusEvent => ({
  type: "router",
  router: { router: name, asn: asn(64512), routerId: "0.0.0.1" as RouterId, changeCount },
});

t.test("of what changes often only the last is told, and what changed last comes last", async (t) => {
  const clock = new VirtualClock();
  const told: (readonly StatusEvent[])[] = [];
  using news = new News(clock, (events) => void told.push(events));
  const gone: StatusEvent = { type: "routeGone", router: "r1", prefix: prefix("10.0.0.0/8") };
  for (const event of [router("r1", 1), gone, router("r2", 1), router("r1", 2)]) news.add(event);
  t.strictSame(told, []);
  clock.advance(10);
  t.strictSame(told, [[gone, router("r2", 1), router("r1", 2)]]);
  clock.advance(1000);
  t.equal(told.length, 1);
});

t.test("what is flushed is told at once, and not a second time", async (t) => {
  const clock = new VirtualClock();
  const told: (readonly StatusEvent[])[] = [];
  using news = new News(clock, (events) => void told.push(events));
  news.flush();
  t.strictSame(told, [], "there is nothing to tell");
  news.add(router("r1", 1));
  news.flush();
  t.strictSame(told, [[router("r1", 1)]]);
  clock.advance(10);
  news.add(router("r2", 1));
  clock.advance(10);
  t.strictSame(told.slice(1), [[router("r2", 1)]]);
});
