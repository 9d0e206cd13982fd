import { grown } from "./growth.ts";

/** Not told again since a refresh of its family began (RFC 7313 §4). */
export const REFRESH_STALE = 1;
/** Not told again since its peer went away (RFC 4724 §4.2). */
export const RESTART_STALE = 2;

/**
 * All routes, each a row of numbers: what the peers told, and what is originated here. The rows of one prefix are chained.
 * Others read the columns, and write in those after `peer`.
 */
export class RouteTable {
  /** By number of the prefix: its first row, plus 1. */
  #first = new Int32Array(0);
  /** The next row of the prefix, or the next free one, plus 1. */
  #next: Int32Array;
  #free = 0;
  #limit = 0;
  #size = 0;
  prefix: Int32Array;
  /** 0 for what is originated here; see `PeerTable`. */
  peer: Uint16Array;
  /** The peer's path identifier (RFC 7911); 0 without. */
  pathId: Uint32Array;
  /** The path as the peer told it. */
  told: Int32Array;
  /** The path as the import left it, or minus the number of the reason why there is none. */
  used: Int32Array;
  stale: Uint8Array;

  constructor(capacity = 1024) {
    this.#next = new Int32Array(capacity);
    this.prefix = new Int32Array(capacity);
    this.peer = new Uint16Array(capacity);
    this.pathId = new Uint32Array(capacity);
    this.told = new Int32Array(capacity);
    this.used = new Int32Array(capacity);
    this.stale = new Uint8Array(capacity);
  }

  /** How many routes there are. */
  get size(): number {
    return this.#size;
  }

  /** All rows are below; what is free has the path 0. */
  get limit(): number {
    return this.#limit;
  }

  /** The first row of a prefix; -1 if it has none. */
  first(prefix: number): number {
    return prefix < this.#first.length ? (this.#first[prefix] as number) - 1 : -1;
  }

  /** The row behind another of the same prefix, or -1. */
  next(row: number): number {
    return (this.#next[row] as number) - 1;
  }

  /** The row of one path of one peer, or -1. */
  find(prefix: number, peer: number, pathId: number): number {
    let row = this.first(prefix);
    while (row >= 0 && (this.peer[row] !== peer || this.pathId[row] !== pathId)) row = this.next(row);
    return row;
  }

  /** A new row; the caller fills in the rest. */
  add(prefix: number, peer: number, pathId: number): number {
    const row = this.#take();
    if (prefix >= this.#first.length) this.#first = grown(this.#first, Math.max(1024, 2 * prefix));
    this.#next[row] = this.#first[prefix] as number;
    this.#first[prefix] = row + 1;
    this.prefix[row] = prefix;
    this.peer[row] = peer;
    this.pathId[row] = pathId;
    this.stale[row] = 0;
    this.#size++;
    return row;
  }

  remove(row: number): void {
    const prefix = this.prefix[row] as number;
    const first = this.first(prefix);
    if (first === row) this.#first[prefix] = this.#next[row] as number;
    else {
      let before = first;
      while (this.next(before) !== row) before = this.next(before);
      this.#next[before] = this.#next[row] as number;
    }
    this.#next[row] = this.#free;
    this.#free = row + 1;
    this.told[row] = 0;
    this.used[row] = 0;
    this.#size--;
  }

  /** The rows of one peer, by a look at all. */
  *of(peer: number): Iterable<number> {
    for (let row = 0; row < this.#limit; row++) {
      if (this.peer[row] === peer && this.told[row] !== 0) yield row;
    }
  }

  #take(): number {
    if (this.#free !== 0) {
      const row = this.#free - 1;
      this.#free = this.#next[row] as number;
      return row;
    }
    if (this.#limit === this.prefix.length) this.#grow();
    return this.#limit++;
  }

  #grow(): void {
    const length = 2 * this.prefix.length;
    this.#next = grown(this.#next, length);
    this.prefix = grown(this.prefix, length);
    this.peer = grown(this.peer, length);
    this.pathId = grown(this.pathId, length);
    this.told = grown(this.told, length);
    this.used = grown(this.used, length);
    this.stale = grown(this.stale, length);
  }
}
