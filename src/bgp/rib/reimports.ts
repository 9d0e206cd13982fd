import type { AdjRibsIn } from "./adj-ribs-in.ts";
import type { PeerEntry } from "./peer-table.ts";
import type { RouteTable } from "./route-table.ts";

/** Peers whose stored routes are to be imported anew, because their policy has changed. */
export class Reimports {
  readonly #in: AdjRibsIn;
  readonly #routes: RouteTable;
  /** And the row to go on with. */
  readonly #peers = new Map<PeerEntry, number>();

  constructor(adjRibsIn: AdjRibsIn, routes: RouteTable) {
    this.#in = adjRibsIn;
    this.#routes = routes;
  }

  get size(): number {
    return this.#peers.size;
  }

  /** All of a peer, from the beginning. */
  add(peer: PeerEntry): void {
    this.#peers.set(peer, 0);
  }

  delete(peer: PeerEntry): void {
    this.#peers.delete(peer);
  }

  /** Imports up to `limit` routes. @returns how much is left of the limit */
  run(limit: number): number {
    let left = limit;
    for (const [peer, start] of this.#peers) {
      let row = start;
      for (; row < this.#routes.limit && left > 0; row++) {
        if (this.#routes.peer[row] !== peer.number || this.#routes.told[row] === 0) continue;
        this.#in.reimport(peer, row);
        left--;
      }
      if (row < this.#routes.limit) this.#peers.set(peer, row);
      else this.#peers.delete(peer);
    }
    return left;
  }
}
