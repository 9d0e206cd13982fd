import type { Family } from "../../net/address.ts";
import { Bitmap } from "./bitmap.ts";
import { grown } from "./growth.ts";
import type { PathTable } from "./path-table.ts";
import type { PeerEntry } from "./peer-table.ts";

/** A peer that is told of routes, and what it has not been told of yet. */
export class OutPeer {
  readonly entry: PeerEntry;
  readonly #paths: PathTable;
  /** It takes no UPDATEs for now. */
  isPaused = false;
  /** It knows all that the peers of its group know, and hears what they hear. */
  isLive = false;
  /** Prefixes of which it may have to hear. */
  readonly untold = new Bitmap();
  /** What it knows of those, where that is anything, by prefix. */
  #known: Int32Array | undefined;
  /** Families whose End-of-RIB it has not got. */
  readonly unfinished: Family[];
  /** Families that it has asked for again, and how far the first of them has been told; -1 before its beginning. */
  readonly replays: Family[] = [];
  replayed = -1;

  constructor(entry: PeerEntry, paths: PathTable) {
    this.entry = entry;
    this.#paths = paths;
    this.unfinished = [...entry.peer.families];
  }

  /** Whether it could be told something now. */
  get isDue(): boolean {
    return !this.isPaused && (!this.isLive || this.unfinished.length > 0 || this.replays.length > 0);
  }

  /** Whether it knows of nothing that it may have to hear of. */
  get isBlank(): boolean {
    return this.#known === undefined;
  }

  /** It will have to hear of a prefix, of which it knows this path, or none. */
  note(prefix: number, known: number): void {
    if (this.untold.has(prefix)) return;
    this.untold.add(prefix);
    if (known === 0) return;
    this.#known = grown(this.#known ?? new Int32Array(0), sizeFor(prefix, this.#known));
    this.#known[prefix] = known;
    this.#paths.retain(known);
  }

  /** What it knows of a prefix that was noted. */
  known(prefix: number): number {
    return this.#known?.[prefix] ?? 0;
  }

  /** It has heard of a prefix. */
  settle(prefix: number): void {
    this.untold.delete(prefix);
    if (!this.#known) return;
    this.#paths.release(this.#known[prefix] ?? 0);
    this.#known[prefix] = 0;
    if (this.untold.size === 0) this.#known = undefined;
  }

  /** Nothing will be told any more. */
  dispose(): void {
    for (const path of this.#known ?? []) this.#paths.release(path);
    this.#known = undefined;
  }
}

function sizeFor(prefix: number, column: Int32Array | undefined): number {
  return prefix < (column?.length ?? 0) ? 0 : Math.max(1024, 2 * prefix);
}
