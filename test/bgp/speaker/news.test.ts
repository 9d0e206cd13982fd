import t from "tap";
import type { StatusEvent } from "../../../src/bgp/control/status.ts";
import { News } from "../../../src/bgp/speaker/news.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { EagerClock } from "../../support/eager-clock.ts";

const gone = (text: string): StatusEvent => ({ type: "routeGone", router: "r1", prefix: prefix(text) });

t.test("what is flushed is told at once, and not a second time", async (t) => {
  const clock = new EagerClock();
  const told: (readonly StatusEvent[])[] = [];
  using news = new News(clock, (events) => told.push(events));
  news.flush();
  t.strictSame(told, [], "there is nothing to tell");
  news.add(gone("10.0.1.0/24"));
  news.flush();
  t.strictSame(told, [[gone("10.0.1.0/24")]]);
  news.flush();
  news.add(gone("10.0.2.0/24"));
  await new Promise<void>((resolve) => clock.after(10, resolve));
  t.strictSame(told.slice(1), [[gone("10.0.2.0/24")]]);
});
