import { grown } from "./growth.ts";

/** For each prefix a chain of paths with their identifiers, in typed arrays. */
export class PathList {
  /** By prefix: its first entry, plus 1. */
  #first = new Int32Array(0);
  #next = new Int32Array(64);
  #path = new Int32Array(64);
  #pathId = new Uint32Array(64);
  #from = new Uint16Array(64);
  #limit = 0;
  #free = 0;
  #size = 0;

  /** How many paths there are. */
  get size(): number {
    return this.#size;
  }

  fit(capacity: number): void {
    this.#first = grown(this.#first, capacity);
  }

  /** The first entry of a prefix, or -1. */
  first(prefix: number): number {
    return (this.#first[prefix] ?? 0) - 1;
  }

  /** The entry behind another of its prefix, or -1. */
  next(entry: number): number {
    return (this.#next[entry] as number) - 1;
  }

  path(entry: number): number {
    return this.#path[entry] as number;
  }

  pathId(entry: number): number {
    return this.#pathId[entry] as number;
  }

  /** The number of the peer that told us. */
  from(entry: number): number {
    return this.#from[entry] as number;
  }

  /** The entry with an identifier, or -1. */
  find(prefix: number, pathId: number): number {
    let entry = this.first(prefix);
    while (entry >= 0 && this.#pathId[entry] !== pathId) entry = this.next(entry);
    return entry;
  }

  add(prefix: number, pathId: number): number {
    const entry = this.#take();
    this.#next[entry] = this.#first[prefix] as number;
    this.#first[prefix] = entry + 1;
    this.#pathId[entry] = pathId;
    this.#size++;
    return entry;
  }

  set(entry: number, { path, from }: { path: number; from: number }): void {
    this.#path[entry] = path;
    this.#from[entry] = from;
  }

  remove(prefix: number, entry: number): void {
    const first = this.first(prefix);
    if (first === entry) this.#first[prefix] = this.#next[entry] as number;
    else {
      let before = first;
      while (this.next(before) !== entry) before = this.next(before);
      this.#next[before] = this.#next[entry] as number;
    }
    this.#next[entry] = this.#free;
    this.#free = entry + 1;
    this.#path[entry] = 0;
    this.#size--;
  }

  /** All paths that are there, as often as they are. */
  *paths(): Iterable<number> {
    for (const path of this.#path) if (path !== 0) yield path;
  }

  #take(): number {
    if (this.#free !== 0) {
      const entry = this.#free - 1;
      this.#free = this.#next[entry] as number;
      return entry;
    }
    if (this.#limit === this.#path.length) this.#grow();
    return this.#limit++;
  }

  #grow(): void {
    const length = 2 * this.#path.length;
    this.#next = grown(this.#next, length);
    this.#path = grown(this.#path, length);
    this.#pathId = grown(this.#pathId, length);
    this.#from = grown(this.#from, length);
  }
}
