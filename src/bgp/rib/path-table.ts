import type { NextHop, PathAttributes } from "../wire/message.ts";
import { grown } from "./growth.ts";
import { isSameNextHop, isSamePath, type Path } from "./path.ts";
import { hashPath } from "./path-hash.ts";

const SLOTS = 2;

/**
 * Gives paths of the same value one number, never 0, and keeps each as long as somebody refers to it. Whoever writes a
 * number down `retain`s it, and `release`s it when it is crossed out.
 */
export class PathTable {
  readonly #attributes: (PathAttributes | undefined)[] = [undefined];
  readonly #nextHops: (NextHop | undefined)[] = [undefined];
  #hashes: Int32Array;
  #counts: Int32Array;
  /** 0 in an empty slot. */
  #slots: Int32Array;
  readonly #free: number[] = [];
  #size = 0;
  /** Most paths lead where the one before leads: one object is enough for all those. */
  #nextHop: NextHop | undefined;

  /** @param capacity a power of 2 */
  constructor(capacity = 256) {
    this.#hashes = new Int32Array(capacity);
    this.#counts = new Int32Array(capacity);
    this.#slots = new Int32Array(SLOTS * capacity);
  }

  /** How many paths there are. */
  get size(): number {
    return this.#size;
  }

  /** The number of a path, retained. */
  intern(path: Path): number {
    const hash = hashPath(path);
    const id = this.#search(hash, path) || this.#add(hash, path);
    this.retain(id);
    return id;
  }

  /** 0 is nobody's. */
  retain(id: number): void {
    if (id > 0) this.#counts[id] = (this.#counts[id] as number) + 1;
  }

  release(id: number): void {
    if (id <= 0) return;
    const count = (this.#counts[id] as number) - 1;
    this.#counts[id] = count;
    if (count === 0) this.#remove(id);
  }

  attributes(id: number): PathAttributes {
    return this.#attributes[id] as PathAttributes;
  }

  nextHop(id: number): NextHop | undefined {
    return this.#nextHops[id];
  }

  path(id: number): Path {
    return { attributes: this.attributes(id), nextHop: this.nextHop(id) };
  }

  #search(hash: number, path: Path): number {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const id = this.#slots[slot] as number;
      if (id === 0 || (this.#hashes[id] === hash && isSamePath(this.path(id), path))) return id;
      slot = (slot + 1) & mask;
    }
  }

  #add(hash: number, { attributes, nextHop }: Path): number {
    const id = this.#free.pop() ?? this.#attributes.length;
    if (id >= this.#hashes.length) this.#grow();
    if (!isSameNextHop(this.#nextHop, nextHop)) this.#nextHop = nextHop;
    this.#attributes[id] = attributes;
    this.#nextHops[id] = this.#nextHop;
    this.#hashes[id] = hash;
    this.#occupy(id);
    this.#size++;
    return id;
  }

  #occupy(id: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#hashes[id] as number) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = id;
  }

  #grow(): void {
    const length = 2 * this.#hashes.length;
    this.#hashes = grown(this.#hashes, length);
    this.#counts = grown(this.#counts, length);
    const former = this.#slots;
    this.#slots = new Int32Array(SLOTS * length);
    for (const id of former) if (id !== 0) this.#occupy(id);
  }

  #remove(id: number): void {
    this.#vacate(id);
    this.#attributes[id] = undefined;
    this.#nextHops[id] = undefined;
    this.#free.push(id);
    this.#size--;
  }

  /** Moves what was put behind a slot because the slot was taken, so that searches still find it. */
  #vacate(id: number): void {
    const mask = this.#slots.length - 1;
    let hole = (this.#hashes[id] as number) & mask;
    while (this.#slots[hole] !== id) hole = (hole + 1) & mask;
    for (let slot = (hole + 1) & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = (this.#hashes[this.#slots[slot] as number] as number) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      this.#slots[hole] = this.#slots[slot] as number;
      hole = slot;
    }
    this.#slots[hole] = 0;
  }
}
