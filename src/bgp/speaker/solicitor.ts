import type { Clock } from "../../std/clock.ts";

/** MAX_RTR_SOLICITATIONS and RTR_SOLICITATION_INTERVAL (RFC 4861 §10). */
const MOST_SOLICITATIONS = 3;
const INTERVAL_MS = 4000;

/**
 * Says when to send a Router Solicitation on one interface: at once, and a few times again if nobody answers.
 *
 * RFC 4861 §6.3.7 lets hosts wait up to a second before the first, lest all hosts of a link ask at once; here each link
 * has two ends, whose users wait.
 */
export class Solicitor implements Disposable {
  readonly #clock: Clock;
  readonly #solicit: () => void;
  readonly #gaveUp: () => void;
  #sent = 0;
  #timer: Disposable | undefined;

  /** @param gaveUp told once nobody has answered the last solicitation either */
  constructor(clock: Clock, { solicit, gaveUp }: { solicit: () => void; gaveUp: () => void }) {
    this.#clock = clock;
    this.#solicit = solicit;
    this.#gaveUp = gaveUp;
  }

  /** Begins anew. */
  start(): void {
    this[Symbol.dispose]();
    this.#sent = 0;
    this.#next();
  }

  /** How many solicitations nobody has answered; 0 while that may still change. */
  get unanswered(): number {
    return this.#timer === undefined ? this.#sent : 0;
  }

  /** Somebody was heard: there is nothing more to ask. */
  answered(): void {
    this[Symbol.dispose]();
    this.#sent = 0;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  #next(): void {
    this.#timer = undefined;
    if (this.#sent === MOST_SOLICITATIONS) return this.#gaveUp();
    this.#sent++;
    this.#timer = this.#clock.after(INTERVAL_MS, () => this.#next());
    this.#solicit();
  }
}
