import type { Clock } from "../../std/clock.ts";

/** A clock may ring that much too early. */
const RESOLUTION_MS = 1;

/** A timer of the state machine: it can be started again while it runs, and knows the time left. */
export class Timer {
  readonly #clock: Clock;
  readonly #expired: () => void;
  #interval: number;
  #lateMs = 0;
  #running: { due: number; readonly armed: number; readonly handle: Disposable } | undefined;

  /** @param interval seconds, as configured; `start` may set another */
  constructor(clock: Clock, interval: number, expired: () => void) {
    this.#clock = clock;
    this.#interval = interval;
    this.#expired = expired;
  }

  start(seconds: number): void {
    this.#interval = seconds;
    const due = this.#clock.now() + seconds * 1000;
    // A hold timer starts again with every message: what is armed for earlier will find that it is too early.
    if (this.#running && this.#running.armed <= due) {
      this.#running.due = due;
      return;
    }
    this.stop();
    this.#arm(due, seconds * 1000);
  }

  /** Starts for as long as the last time. */
  restart(): void {
    this.start(this.#interval);
  }

  stop(): void {
    this.#running?.handle[Symbol.dispose]();
    this.#running = undefined;
  }

  /** By how much it was too late when it expired the last time, because the process was busy or asleep. Milliseconds. */
  get lateMs(): number {
    return this.#lateMs;
  }

  /** Seconds; undefined if it is not running. */
  get remaining(): number | undefined {
    return this.#running && Math.max(0, (this.#running.due - this.#clock.now()) / 1000);
  }

  #arm(due: number, ms: number): void {
    const handle = this.#clock.after(ms, () => this.#rings());
    this.#running = { due, armed: this.#clock.now() + ms, handle };
  }

  #rings(): void {
    const left = (this.#running?.due ?? 0) - this.#clock.now();
    if (!this.#running) return;
    if (left >= RESOLUTION_MS) return this.#arm(this.#running.due, left);
    // A process that is late must not take for silence what it has not read yet.
    const handle = this.#clock.after(0, () => this.#expires());
    this.#running = { ...this.#running, handle };
  }

  #expires(): void {
    const left = (this.#running?.due ?? 0) - this.#clock.now();
    if (this.#running && left >= RESOLUTION_MS) return this.#arm(this.#running.due, left);
    this.#running = undefined;
    this.#lateMs = -left;
    this.#expired();
  }

  /** As the seed's logs show it: `Timer { interval: 1.000s, enabled: true, remaining: 0.420s }`. */
  toString(): string {
    const { remaining } = this;
    const seconds = (value: number) => `${value.toFixed(3)}s`;
    const left = seconds(remaining ?? this.#interval);
    return `Timer { interval: ${seconds(this.#interval)}, enabled: ${remaining !== undefined}, remaining: ${left} }`;
  }
}
