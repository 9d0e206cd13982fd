import type { Clock } from "../../std/clock.ts";

/** For how long one turn of the event loop may go on with it: timers, keepalives and the control socket wait meanwhile. */
export const TURN_MS = 10;

/** A piece of work. @returns whether there is more of it */
export type Work = () => boolean;

/**
 * Shares time out among all that have much to do in a process: connections that have octets to be read; and routers that have
 * to decide about what was read, or to advertise themselves. One after the other does a piece, half of the time for each kind.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #reading = new Set<Work>();
  readonly #deciding = new Set<Work>();
  #next: Disposable | undefined;
  /** Of this turn's time, how much has gone for reading. */
  #spentMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly #after: Clock["after"] = (ms, task) => {
    const work = () => {
      task();
      return false;
    };
    const timer = this.#clock.after(ms, () => this.decide(work));
    return {
      [Symbol.dispose]: () => {
        timer[Symbol.dispose]();
        this.delete(work);
      },
    };
  };

  /** Something is there to be read, which is done at once if there is time, and else soon. */
  read(work: Work): void {
    if (this.#reading.size > 0 || this.#spentMs >= TURN_MS / 2) this.#reading.add(work);
    else {
      const start = this.#clock.now();
      if (work()) this.#reading.add(work);
      this.#spentMs += this.#clock.now() - start;
    }
    this.#goOn();
  }

  /** Something is to be decided, after what waits to be read now. */
  decide(work: Work): void {
    this.#deciding.add(work);
    this.#goOn();
  }

  /** A clock whose tasks have their turn when they are due, beside what is to be decided. */
  get clock(): Clock {
    return { now: () => this.#clock.now(), wallTime: () => this.#clock.wallTime(), after: this.#after };
  }

  delete(work: Work): void {
    this.#reading.delete(work);
    this.#deciding.delete(work);
  }

  #goOn(): void {
    this.#next ??= this.#clock.after(0, () => this.#turn());
  }

  #turn(): void {
    this.#next = undefined;
    this.#spentMs = 0;
    this.#work(this.#reading);
    this.#work(this.#deciding);
    if (this.#reading.size + this.#deciding.size > 0) this.#goOn();
  }

  #work(waiting: Set<Work>): void {
    const start = this.#clock.now();
    // What is added again comes last, so that everybody has a piece before anybody has two.
    for (const work of waiting) {
      waiting.delete(work);
      if (work()) waiting.add(work);
      if (this.#clock.now() - start >= TURN_MS / 2) return;
    }
  }
}
