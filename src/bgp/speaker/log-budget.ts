import type { Clock } from "../../std/clock.ts";

/** Lines that may come at once, and how many more each second, of all routers of a process. A line takes some 20 µs. */
const MOST = 10_000;
const PER_SECOND = 100;

/** How many lines of the lowest levels may be written: in a storm, what tells of it must not add to it. */
export class LogBudget {
  readonly #clock: Clock;
  #left = MOST;
  #atMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#atMs = clock.now();
  }

  get isSpent(): boolean {
    if (this.#left >= 1) return false;
    const now = this.#clock.now();
    this.#left = Math.min(MOST, this.#left + ((now - this.#atMs) / 1000) * PER_SECOND);
    this.#atMs = now;
    return this.#left < 1;
  }

  /** A line is written. */
  spend(): void {
    this.#left--;
  }
}
