import type { Clock } from "../../src/std/clock.ts";

/**
 * A clock whose time passes only while nothing else is left to run: then it jumps to the next task.
 *
 * For code that waits on timers and promises by turns, where what it waits for comes without real I/O.
 */
export class EagerClock implements Clock {
  #now = 0;
  #running = false;
  readonly #due = new Set<{ readonly at: number; readonly task: () => void }>();

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return Date.UTC(2026, 0, 29) + this.#now;
  }

  after(ms: number, task: () => void): Disposable {
    const due = { at: this.#now + ms, task };
    this.#due.add(due);
    this.#run();
    return { [Symbol.dispose]: () => void this.#due.delete(due) };
  }

  #run(): void {
    if (this.#running) return;
    this.#running = true;
    setImmediate(() => {
      this.#running = false;
      const [next] = [...this.#due].sort((a, b) => a.at - b.at);
      if (next === undefined) return;
      this.#due.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
      this.#run();
    });
  }
}
