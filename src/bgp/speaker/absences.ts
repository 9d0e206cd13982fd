import type { Clock } from "../../std/clock.ts";

/** Time for a peer that is back to tell what it told before, in seconds: a table takes long, and the peer may wait for its own peers. */
const STALE_TIME = 360;

/** Peers whose routes are kept while they start again, and how long (RFC 4724 §4.2). */
export class Absences implements Disposable {
  readonly #clock: Clock;
  readonly #forget: (ifname: string) => void;
  readonly #timers = new Map<string, Disposable>();

  /** @param forget called when what is stale of a peer must go */
  constructor(clock: Clock, forget: (ifname: string) => void) {
    this.#clock = clock;
    this.#forget = forget;
  }

  left(ifname: string, seconds: number): void {
    this.#start(ifname, seconds);
  }

  isBack(ifname: string): void {
    if (this.#timers.has(ifname)) this.#start(ifname, STALE_TIME);
  }

  /** It will not come back. */
  end(ifname: string): void {
    if (this.#cancel(ifname)) this.#forget(ifname);
  }

  [Symbol.dispose](): void {
    for (const ifname of [...this.#timers.keys()]) this.#cancel(ifname);
  }

  #start(ifname: string, seconds: number): void {
    this.#cancel(ifname);
    this.#timers.set(
      ifname,
      this.#clock.after(seconds * 1000, () => this.end(ifname)),
    );
  }

  #cancel(ifname: string): boolean {
    this.#timers.get(ifname)?.[Symbol.dispose]();
    return this.#timers.delete(ifname);
  }
}
