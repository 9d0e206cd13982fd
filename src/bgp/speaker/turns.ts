import type { Clock } from "../../std/clock.ts";

/** For how long one turn of the event loop may go on with it: timers, keepalives and the control socket wait meanwhile. */
export const TURN_MS = 10;

/** A piece of work. @returns whether there is more of it */
export type Work = () => boolean;

/**
 * Shares time out among all that have much to do, such as the routers of a process: one after the other does a piece,
 * beginning when all that is there to be read has been read.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #waiting = new Set<Work>();
  #next: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Has a piece done soon, and then others for as long as there are any. What waits already goes on waiting. */
  add(work: Work): void {
    this.#waiting.add(work);
    this.#next ??= this.#clock.after(0, () => this.#turn());
  }

  delete(work: Work): void {
    this.#waiting.delete(work);
  }

  #turn(): void {
    this.#next = undefined;
    const start = this.#clock.now();
    // What is added again comes last, so that everybody has a piece before anybody has two.
    for (const work of this.#waiting) {
      this.#waiting.delete(work);
      if (work()) this.#waiting.add(work);
      if (this.#clock.now() - start >= TURN_MS) break;
    }
    if (this.#waiting.size > 0) this.#next ??= this.#clock.after(0, () => this.#turn());
  }
}
