import type { Clock } from "../../std/clock.ts";

/** Time for a peer that is back to tell what it told before, in seconds: a table takes long, and the peer may wait for its own peers. */
const STALE_TIME = 360;

/** Peers whose routes are kept while they start again, and how long (RFC 4724 §4.2). */
export class Absences implements Disposable {
  readonly #clock: Clock;
  readonly #forget: (session: string) => void;
  readonly #timers = new Map<string, Disposable>();

  /** @param forget called when what is stale of a peer must go */
  constructor(clock: Clock, forget: (session: string) => void) {
    this.#clock = clock;
    this.#forget = forget;
  }

  left(session: string, seconds: number): void {
    this.#start(session, seconds);
  }

  isBack(session: string): void {
    if (this.#timers.has(session)) this.#start(session, STALE_TIME);
  }

  /** It will not come back. */
  end(session: string): void {
    if (this.#cancel(session)) this.#forget(session);
  }

  [Symbol.dispose](): void {
    for (const session of [...this.#timers.keys()]) this.#cancel(session);
  }

  #start(session: string, seconds: number): void {
    this.#cancel(session);
    this.#timers.set(
      session,
      this.#clock.after(seconds * 1000, () => this.end(session)),
    );
  }

  #cancel(session: string): boolean {
    this.#timers.get(session)?.[Symbol.dispose]();
    return this.#timers.delete(session);
  }
}
