import type { Clock } from "../std/clock.ts";
import { Heap } from "./heap.ts";

interface Due {
  readonly at: number;
  /** Tasks of the same moment run in the order in which they were asked for. */
  readonly order: number;
  /** Undefined once cancelled: taking it out of the middle of the heap would cost more than leaving it in. */
  task: (() => void) | undefined;
}

const isBefore = (a: Due, b: Due) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** When a virtual day begins, so that logs of a simulation look like logs. */
const EPOCH = Date.UTC(2026, 0, 29);

/** A clock that moves only when told to, so that a hold time costs nothing. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #due = new Heap<Due>(isBefore);

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return EPOCH + this.#now;
  }

  after(ms: number, task: () => void): Disposable {
    const due: Due = { at: this.#now + ms, order: this.#order++, task };
    this.#due.push(due);
    return {
      [Symbol.dispose]: () => {
        due.task = undefined;
      },
    };
  }

  /** Moves time on by so much, running what is due in order, with what that makes due in turn. */
  advance(ms: number): void {
    const end = this.#now + ms;
    while (this.step(end));
  }

  /** Runs the next task that is due until `end`; without one, moves time there. @returns whether a task was run */
  step(end: number): boolean {
    for (let next = this.#due.first; next && next.at <= end; next = this.#due.first) {
      this.#due.pop();
      if (!next.task) continue;
      this.#now = next.at;
      next.task();
      return true;
    }
    this.#now = Math.max(this.#now, end);
    return false;
  }
}
