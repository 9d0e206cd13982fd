import type { Family } from "../../net/address.ts";
import type { Clock } from "../../std/clock.ts";
import type { EstablishedPeer } from "./session-setup.ts";

/** What it matters of a peer. */
type RestartPeer = Pick<EstablishedPeer, "session" | "families" | "gracefulRestart">;

/**
 * How long a peer has that has started again itself. RFC 4724 §4.1 waits for none of these, lest two wait for each other; but FRR says so of
 * itself for two minutes after its start, and tells its routes all the same, a second after the session is up.
 */
const restartingSeconds = 5;

/**
 * A router that has started again and whose routes are still in the kernel (RFC 4724 §4.1): it decides about nothing
 * until its peers have told what they know, or had the time for it.
 */
export class Restart implements Disposable {
  /** By name of the session, the families whose end is awaited; undefined until the peer is up. */
  readonly #awaited: Map<string, Set<Family> | undefined>;
  readonly #timers: Disposable[];
  readonly #clock: Clock;
  readonly #over: () => void;
  #isOver = false;

  /** @param peers names of sessions @param seconds that the peers have */
  constructor(peers: readonly string[], wait: { clock: Clock; seconds: number }, over: () => void) {
    this.#awaited = new Map(peers.map((session) => [session, undefined]));
    this.#over = over;
    this.#clock = wait.clock;
    this.#timers = [wait.clock.after(wait.seconds * 1000, () => this.#end())];
  }

  /** Who does not mark the end of its table is not waited for; nor, for long, who may wait for ours itself. */
  peerUp({ session, families, gracefulRestart }: RestartPeer): void {
    if (!this.#awaited.has(session)) return;
    if (!gracefulRestart) return this.gone(session);
    this.#awaited.set(session, new Set(families));
    if (!gracefulRestart.restarting) return;
    this.#timers.push(this.#clock.after(restartingSeconds * 1000, () => this.gone(session)));
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
    for (const timer of this.#timers.splice(0)) timer[Symbol.dispose]();
  }

  #end(): void {
    if (this.#isOver) return;
    this[Symbol.dispose]();
    this.#over();
  }
}
