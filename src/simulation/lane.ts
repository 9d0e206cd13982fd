import type { MemoryNetwork } from "./memory-network.ts";
import type { Port, Wire } from "./wire.ts";

/**
 * One direction of a connection: all arrives in the order in which it was sent, each thing with a delay of its own.
 *
 * While the link passes nothing, what is due waits and then goes on, as TCP sends again what was lost.
 */
export class Lane {
  readonly #network: MemoryNetwork;
  readonly #wire: Wire;
  readonly #ends: readonly [from: Port, to: Port];
  readonly #arrivals: (() => void)[] = [];
  #latest = 0;
  #waiting = 0;
  #muted = false;

  constructor(network: MemoryNetwork, way: { wire: Wire; ends: readonly [from: Port, to: Port] }) {
    this.#network = network;
    this.#wire = way.wire;
    this.#ends = way.ends;
  }

  send(arrival: () => void): void {
    if (this.#muted) return;
    this.#arrivals.push(arrival);
    this.#schedule();
  }

  /** Goes on with what has been waiting, if it can. */
  resume(): void {
    if (!this.#passes) return this.#wire.onResume(this);
    const waiting = this.#waiting;
    this.#waiting = 0;
    for (let left = waiting; left > 0; left--) this.#schedule();
  }

  /** Nothing arrives any more. */
  mute(): void {
    this.#muted = true;
    this.clear();
  }

  /** Loses all that is under way. */
  clear(): void {
    this.#arrivals.length = 0;
  }

  get #passes(): boolean {
    return this.#wire.passes(...this.#ends);
  }

  #schedule(): void {
    const { clock, conditions } = this.#network;
    const now = clock.now();
    this.#latest = Math.max(this.#latest, now + conditions.delayMs("octets"));
    clock.after(this.#latest - now, () => this.#arrive());
  }

  /** Whatever is first arrives: which moment was meant for which thing does not matter. */
  #arrive(): void {
    if (this.#passes) return this.#arrivals.shift()?.();
    this.#waiting++;
    this.#wire.onResume(this);
  }
}
