import type { Clock } from "../../std/clock.ts";
import { maxAdvertisementInterval } from "../config/config.ts";

/** MAX_INITIAL_RTR_ADVERTISEMENTS (RFC 4861 §10). */
const INITIAL_ADVERTISEMENTS = 3;
/** MIN_DELAY_BETWEEN_RAS (RFC 4861 §10). */
const MIN_DELAY_MS = 3000;
/** MaxRtrAdvInterval, and MinRtrAdvInterval, which is a third (RFC 4861 §6.2.1). */
export const MAX_INTERVAL_MS = maxAdvertisementInterval * 1000;
const MIN_INTERVAL_MS = 3300;

/** Says when to multicast a Router Advertisement on one interface (RFC 4861 §6.2.4). */
export class Advertiser implements Disposable {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #advertise: () => void;
  #sent = 0;
  #next: { readonly dueMs: number; readonly timer: Disposable } | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;

  /** @param random uniform from 0 to below 1 */
  constructor(setup: { clock: Clock; random: () => number }, advertise: () => void) {
    this.#clock = setup.clock;
    this.#random = setup.random;
    this.#advertise = advertise;
  }

  /** Advertises at once, as an interface that has just become ours or has something else to say. */
  start(): void {
    this.#sent = 0;
    this.#send();
  }

  /** Advertises as soon as two advertisements may follow each other: somebody is there who may have missed the last. */
  hurry(): void {
    const dueMs = Math.max(this.#clock.now(), this.#lastMs + MIN_DELAY_MS);
    if (this.#next === undefined || dueMs < this.#next.dueMs) this.#schedule(dueMs - this.#clock.now());
  }

  [Symbol.dispose](): void {
    this.#next?.timer[Symbol.dispose]();
    this.#next = undefined;
  }

  #send(): void {
    this.#sent++;
    this.#lastMs = this.#clock.now();
    this.#schedule(this.#interval());
    this.#advertise();
  }

  /** The first few follow each other quickly; then a random interval keeps routers on a link from falling into step. */
  #interval(): number {
    if (this.#sent < INITIAL_ADVERTISEMENTS) return MIN_DELAY_MS;
    return MIN_INTERVAL_MS + this.#random() * (MAX_INTERVAL_MS - MIN_INTERVAL_MS);
  }

  #schedule(ms: number): void {
    this.#next?.timer[Symbol.dispose]();
    this.#next = { dueMs: this.#clock.now() + ms, timer: this.#clock.after(ms, () => this.#send()) };
  }
}
