import t from "tap";
import { Timer } from "../../../src/bgp/speaker/timer.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";

t.test("a timer expires once, knows the time left, and can be started again while it runs", async (t) => {
  const clock = new VirtualClock();
  let expired = 0;
  const timer = new Timer(clock, 3, () => expired++);
  t.equal(`${timer}`, "Timer { interval: 3.000s, enabled: false, remaining: 3.000s }");
  timer.start(2);
  clock.advance(1_500);
  t.equal(`${timer}`, "Timer { interval: 2.000s, enabled: true, remaining: 0.500s }");
  timer.start(2);
  clock.advance(1_999);
  t.equal(expired, 0);
  clock.advance(1);
  t.equal(expired, 1);
  clock.advance(10_000);
  t.equal(expired, 1);
  t.equal(timer.remaining, undefined);
});

t.test("a stopped timer does not expire", async (t) => {
  const clock = new VirtualClock();
  const timer = new Timer(clock, 1, () => t.fail("it was stopped"));
  timer.start(1);
  timer.stop();
  clock.advance(2_000);
  t.equal(timer.remaining, undefined);
});

t.test("what has arrived by then is heard before a timer expires, which knows how late it is", async (t) => {
  const virtual = new VirtualClock();
  let asleepMs = 0;
  const clock = {
    now: () => virtual.now() + asleepMs,
    wallTime: () => virtual.wallTime(),
    after: virtual.after.bind(virtual),
  };
  const told: string[] = [];
  virtual.after(999, () => {
    asleepMs = 5000;
  });
  virtual.after(1000, () => void virtual.after(0, () => told.push("heard")));
  const timer = new Timer(clock, 1, () => told.push(`late by ${timer.lateMs} ms`));
  timer.start(1);
  virtual.advance(1000);
  t.strictSame(told, ["heard", "late by 5000 ms"]);
});
