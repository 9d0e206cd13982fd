import type { Family } from "../../net/address.ts";
import type { Clock } from "../../std/clock.ts";
import type { EstablishedPeer } from "./session-setup.ts";

/**
 * A router that has started again and whose routes are still in the kernel (RFC 4724 §4.1): it decides about nothing
 * until its peers have told what they know, or had the time for it.
 */
export class Restart implements Disposable {
  /** By name of the session, the families whose end is awaited; undefined until the peer is up. */
  readonly #awaited: Map<string, Set<Family> | undefined>;
  readonly #timer: Disposable;
  readonly #over: () => void;
  #isOver = false;

  /** @param peers names of sessions @param seconds that the peers have */
  constructor(peers: readonly string[], wait: { clock: Clock; seconds: number }, over: () => void) {
    this.#awaited = new Map(peers.map((session) => [session, undefined]));
    this.#over = over;
    this.#timer = wait.clock.after(wait.seconds * 1000, () => this.#end());
  }

  /** Who does not mark the end of its table, or waits for ours itself, is not waited for. */
  peerUp({ session, families, gracefulRestart }: EstablishedPeer): void {
    if (!this.#awaited.has(session)) return;
    if (!gracefulRestart || gracefulRestart.restarting) this.gone(session);
    else this.#awaited.set(session, new Set(families));
  }

  /** A peer has told all of a family. */
  told(session: string, family: Family): void {
    const awaited = this.#awaited.get(session);
    awaited?.delete(family);
    if (awaited?.size === 0) this.gone(session);
  }

  /** A peer will not be there at all. */
  gone(session: string): void {
    this.#awaited.delete(session);
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
