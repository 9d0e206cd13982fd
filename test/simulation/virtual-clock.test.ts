import t from "tap";
import { VirtualClock } from "../../src/simulation/virtual-clock.ts";

t.test(
  "tasks run when they are due, those of one moment in the order in which they were asked for",
  async (t) => {
    const clock = new VirtualClock();
    const ran: string[] = [];
    const at = (ms: number, name: string) => clock.after(ms, () => ran.push(`${name} at ${clock.now()}`));
    at(20, "c");
    at(10, "a");
    at(10, "b");
    at(30, "d");
    clock.advance(20);
    t.strictSame(ran, ["a at 10", "b at 10", "c at 20"]);
    t.equal(clock.now(), 20);
    clock.advance(9.5);
    t.equal(ran.length, 3);
    t.equal(clock.wallTime(), Date.UTC(2026, 0, 29) + 29.5);
  },
);

t.test("what a task asks for runs in the same advance if it is due", async (t) => {
  const clock = new VirtualClock();
  let ticks = 0;
  const tick = () => {
    ticks++;
    clock.after(10, tick);
  };
  tick();
  clock.advance(100);
  t.equal(ticks, 11);
});

t.test("a task that was cancelled does not run, nor count as a step", async (t) => {
  const clock = new VirtualClock();
  clock.after(1, () => t.fail("it was cancelled"))[Symbol.dispose]();
  let ran = false;
  clock.after(2, () => {
    ran = true;
  });
  t.ok(clock.step(10));
  t.ok(ran);
  t.notOk(clock.step(10), "there is nothing left");
  t.equal(clock.now(), 10);
});
