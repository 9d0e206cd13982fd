import type { Address } from "../../net/address.ts";
import type { NextHop } from "../wire/message.ts";
import type { PathTable } from "./path-table.ts";
import type { PeerTable } from "./peer-table.ts";
import type { Via } from "./route.ts";

/** Beyond that many, what is kept is thrown away: a peer may tell ever new next hops. */
const MOST = 4096;

/** Makes ways for packets that are the same object as long as they lead to the same place. */
export class ViaTable {
  readonly #paths: PathTable;
  readonly #peers: PeerTable;
  readonly #kept = new Map<string, readonly Via[]>();
  #last: { readonly peer: number; readonly nextHop: NextHop; readonly via: readonly Via[] } | undefined;

  constructor(tables: { paths: PathTable; peers: PeerTable }) {
    this.#paths = tables.paths;
    this.#peers = tables.peers;
  }

  /** The way of one path of one peer. */
  one(path: number, peer: number): readonly Via[] {
    const nextHop = this.#paths.nextHop(path);
    if (nextHop && this.#last?.nextHop === nextHop && this.#last.peer === peer) return this.#last.via;
    const via = this.several([{ path, peer }]);
    if (nextHop) this.#last = { peer, nextHop, via };
    return via;
  }

  /** The ways of several. */
  several(used: readonly { readonly path: number; readonly peer: number }[]): readonly Via[] {
    const vias = used.map(({ path, peer }) => this.#via(path, peer));
    const key = vias.map(({ ifname, address }) => `${address}%${ifname}`).join();
    const known = this.#kept.get(key);
    if (known) return known;
    if (this.#kept.size === MOST) this.#kept.clear();
    this.#kept.set(key, vias);
    return vias;
  }

  #via(path: number, peer: number): Via {
    const ifname = this.#peers.numbered(peer)?.peer.ifname as string;
    return { ifname, address: this.#paths.nextHop(path)?.linkLocal as Address };
  }
}
