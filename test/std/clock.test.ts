import t from "tap";
import { VirtualClock } from "../../src/simulation/virtual-clock.ts";
import { pause, systemClock } from "../../src/std/clock.ts";

const never = new AbortController().signal;

t.test("a pause lasts as long as it says", async (t) => {
  const clock = new VirtualClock();
  let over = false;
  const pausing = pause(clock, 100, never).then(() => (over = true));
  clock.advance(99);
  await Promise.resolve();
  t.equal(over, false);
  clock.advance(1);
  await pausing;
  t.equal(over, true);
});

t.test("a pause ends with its signal, and leaves no timer", async (t) => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  const pausing = pause(clock, 100, stop.signal);
  stop.abort(new Error("stop"));
  await t.rejects(pausing, { message: "stop" });
  await t.rejects(pause(clock, 100, stop.signal), { message: "stop" });
});

t.test("the system's clock goes on, knows the date, and forgets what was canceled", async (t) => {
  const before = systemClock.now();
  systemClock.after(0, () => t.fail("it was canceled"))[Symbol.dispose]();
  await pause(systemClock, 1, never);
  t.ok(systemClock.now() > before);
  t.ok(systemClock.wallTime() > Date.UTC(2026, 0, 1));
});
