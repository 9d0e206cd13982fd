import type { Family } from "../../net/address.ts";
import type { Clock } from "../../std/clock.ts";
import type { EstablishedPeer } from "./session-setup.ts";

/**
 * A router that has started again and whose routes are still in the kernel (RFC 4724 §4.1): it decides about nothing
 * until its peers have told what they know, or had the time for it.
 */
export class Restart implements Disposable {
  /** By interface, the families whose end is awaited; undefined until the peer is up. */
  readonly #awaited: Map<string, Set<Family> | undefined>;
  readonly #timer: Disposable;
  readonly #over: () => void;
  #isOver = false;

  /** @param peers interfaces @param seconds that the peers have */
  constructor(peers: readonly string[], wait: { clock: Clock; seconds: number }, over: () => void) {
    this.#awaited = new Map(peers.map((ifname) => [ifname, undefined]));
    this.#over = over;
    this.#timer = wait.clock.after(wait.seconds * 1000, () => this.#end());
  }

  /** Who does not mark the end of its table, or waits for ours itself, is not waited for. */
  peerUp({ ifname, families, gracefulRestart }: EstablishedPeer): void {
    if (!this.#awaited.has(ifname)) return;
    if (!gracefulRestart || gracefulRestart.restarting) this.gone(ifname);
    else this.#awaited.set(ifname, new Set(families));
  }

  /** A peer has told all of a family. */
  told(ifname: string, family: Family): void {
    const awaited = this.#awaited.get(ifname);
    awaited?.delete(family);
    if (awaited?.size === 0) this.gone(ifname);
  }

  /** A peer will not be there at all. */
  gone(ifname: string): void {
    this.#awaited.delete(ifname);
    if (this.#awaited.size === 0) this.#end();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#timer[Symbol.dispose]();
  }

  #end(): void {
    if (this.#isOver) return;
    this[Symbol.dispose]();
    this.#over();
  }
}
