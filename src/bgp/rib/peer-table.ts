import { type Family, routerIdToNumber } from "../../net/address.ts";
import { addressRank, naturalKey } from "./decision.ts";
import type { Peer } from "./route.ts";

/** One peer as the tables know it, from its first session until nothing of it is left. */
export interface PeerEntry {
  /** In the tables; 0 is for what is originated here. */
  readonly number: number;
  /** Of its session, or of the last one. */
  peer: Peer;
  isUp: boolean;
  /** What the decision process compares. */
  rank: PeerRank;
  /** Routes of it. */
  received: number;
  /** Those that the decision process may choose. */
  accepted: number;
  /** Prefixes to which the best route is its. */
  chosen: number;
  /** Families of which it has ended its first table in this session (RFC 4724 §2). */
  readonly complete: Set<Family>;
}

/** What tells peers apart in the decision process, ready to be compared. */
export interface PeerRank {
  readonly routerId: number;
  readonly address: string;
  readonly ifname: string;
}

/** How a peer compares to others (RFC 4271 §9.1.2.2 f, g). */
export function rankOf({ routerId, address, ifname }: Peer): PeerRank {
  return { routerId: routerIdToNumber(routerId), address: addressRank(address), ifname: naturalKey(ifname) };
}

/** Peers by name of the session and by number. */
export class PeerTable {
  readonly #bySession = new Map<string, PeerEntry>();
  readonly #byNumber: (PeerEntry | undefined)[] = [undefined];

  get(session: string): PeerEntry | undefined {
    return this.#bySession.get(session);
  }

  /** Undefined for 0. */
  numbered(number: number): PeerEntry | undefined {
    return this.#byNumber[number];
  }

  all(): Iterable<PeerEntry> {
    return this.#bySession.values();
  }

  add(peer: Peer): PeerEntry {
    const vacant = this.#byNumber.indexOf(undefined, 1);
    const entry: PeerEntry = {
      number: vacant > 0 ? vacant : this.#byNumber.length,
      peer,
      isUp: false,
      rank: rankOf(peer),
      received: 0,
      accepted: 0,
      chosen: 0,
      complete: new Set(),
    };
    this.#byNumber[entry.number] = entry;
    this.#bySession.set(peer.session, entry);
    return entry;
  }

  /** Forgets those that are down and have nothing in the tables any more. */
  sweep(): void {
    for (const entry of this.#bySession.values()) {
      if (entry.isUp || entry.received > 0 || entry.chosen > 0) continue;
      this.#bySession.delete(entry.peer.session);
      this.#byNumber[entry.number] = undefined;
    }
  }
}
