import t from "tap";
import { TURN_MS, Turns } from "../../../src/bgp/speaker/turns.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";
import type { Clock } from "../../../src/std/clock.ts";

/** Turns on a clock that goes on by so many milliseconds with each piece of work. */
function create(pieceMs: number) {
  const virtual = new VirtualClock();
  let passedMs = 0;
  const clock: Clock = {
    now: () => virtual.now() + passedMs,
    wallTime: () => virtual.wallTime(),
    after: (ms, task) => virtual.after(ms, task),
  };
  const done: string[] = [];
  const pieces = (name: string, count: number) => {
    let left = count;
    return () => {
      done.push(name);
      passedMs += pieceMs;
      return --left > 0;
    };
  };
  return { turns: new Turns(clock), virtual, done, pieces };
}

t.test("what little there is to be read is read at once, and decided about afterwards", async (t) => {
  const { turns, virtual, done, pieces } = create(0);
  turns.decide(pieces("decide", 1));
  turns.read(pieces("read 1", 1));
  turns.read(pieces("read 2", 1));
  t.strictSame(done, ["read 1", "read 2"]);
  virtual.step(0);
  t.strictSame(done, ["read 1", "read 2", "decide"]);
});

t.test("everybody has a piece before anybody has two, and others have their turn in between", async (t) => {
  const { turns, virtual, done, pieces } = create(TURN_MS / 2);
  for (const name of ["a", "b"]) turns.read(pieces(name, 2));
  turns.decide(pieces("c", 2));
  t.strictSame(done, ["a"], "the time for reading is up");
  const others: number[] = [];
  virtual.after(0, () => others.push(done.length));
  virtual.advance(1);
  t.strictSame(done.toSorted(), ["a", "a", "b", "b", "c", "c"], "all is done in the end");
  t.ok((others[0] ?? 9) < 6, "who waited beside it did not wait for all");
});

t.test("work that is taken back is not done", async (t) => {
  const { turns, virtual, done, pieces } = create(0);
  const work = pieces("never", 1);
  turns.decide(work);
  turns.delete(work);
  virtual.advance(1);
  t.strictSame(done, []);
});

t.test("what is due has its turn, unless it is called off", async (t) => {
  const { turns, virtual, done } = create(0);
  turns.clock.after(5, () => done.push("due"));
  turns.clock.after(5, () => done.push("called off"))[Symbol.dispose]();
  const late = turns.clock.after(5, () => done.push("called off in time"));
  virtual.after(5, () => late[Symbol.dispose]());
  virtual.advance(5);
  t.strictSame(done, ["due"]);
});
