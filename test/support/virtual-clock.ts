import type { Clock } from "../../src/std/clock.ts";

interface Due {
  readonly at: number;
  readonly task: () => void;
}

/** A clock that moves only when told to, so that a hold time costs a test nothing. */
export class VirtualClock implements Clock {
  #now = 0;
  readonly #due = new Set<Due>();

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return Date.UTC(2026, 0, 29) + this.#now;
  }

  after(ms: number, task: () => void): Disposable {
    const due = { at: this.#now + ms, task };
    this.#due.add(due);
    return { [Symbol.dispose]: () => void this.#due.delete(due) };
  }

  /** Moves time on, running what is due in order, with what that makes due in turn. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#due.delete(next);
      this.#now = next.at;
      next.task();
    }
    this.#now = end;
  }

  #next(end: number): Due | undefined {
    let next: Due | undefined;
    for (const due of this.#due) if (due.at <= end && (!next || due.at < next.at)) next = due;
    return next;
  }
}
