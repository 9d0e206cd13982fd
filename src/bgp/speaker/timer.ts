import type { Clock } from "../../std/clock.ts";

/** A timer of the state machine: it can be started again while it runs, and knows the time left. */
export class Timer {
  readonly #clock: Clock;
  readonly #expired: () => void;
  #interval: number;
  #running: { readonly due: number; readonly handle: Disposable } | undefined;

  /** @param interval seconds, as configured; `start` may set another */
  constructor(clock: Clock, interval: number, expired: () => void) {
    this.#clock = clock;
    this.#interval = interval;
    this.#expired = expired;
  }

  start(seconds: number): void {
    this.stop();
    this.#interval = seconds;
    const handle = this.#clock.after(seconds * 1000, () => {
      this.#running = undefined;
      this.#expired();
    });
    this.#running = { due: this.#clock.now() + seconds * 1000, handle };
  }

  /** Starts for as long as the last time. */
  restart(): void {
    this.start(this.#interval);
  }

  stop(): void {
    this.#running?.handle[Symbol.dispose]();
    this.#running = undefined;
  }

  /** Seconds; undefined if it is not running. */
  get remaining(): number | undefined {
    return this.#running && Math.max(0, (this.#running.due - this.#clock.now()) / 1000);
  }

  /** As the seed's logs show it: `Timer { interval: 1.000s, enabled: true, remaining: 0.420s }`. */
  toString(): string {
    const { remaining } = this;
    const seconds = (value: number) => `${value.toFixed(3)}s`;
    const left = seconds(remaining ?? this.#interval);
    return `Timer { interval: ${seconds(this.#interval)}, enabled: ${remaining !== undefined}, remaining: ${left} }`;
  }
}
