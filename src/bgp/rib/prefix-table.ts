import { type Family, formatAddress } from "../../net/address.ts";
import { type Prefix, prefixParts } from "../../net/prefix.ts";
import { grown } from "./growth.ts";
import type { NlriWriter } from "./nlri-writer.ts";

/** Stands in `#kinds` for an IPv6 prefix of length 0; IPv4 prefixes have their length. */
const IPV6 = 64;
const FREE = 255;

/** Slots per number that may be in use: what a search finds is mostly at its first slot. */
const SLOTS = 2;

/**
 * Gives each prefix a small number, which stays the same until it is released and may mean another prefix then.
 * Numbers are dense, so that they are good as indexes. It is a hash table with open addressing: words of 32 bits, no objects.
 */
export class PrefixTable {
  /** The first 32 bits, or in what is free the next free number, plus 1. */
  #words: Uint32Array;
  /** Three words more of each, from the first IPv6 prefix on. */
  #more = new Uint32Array(0);
  #kinds: Uint8Array;
  /** Number plus 1; 0 in an empty slot. */
  #slots: Int32Array;
  #limit = 0;
  #free = 0;
  #size = 0;
  /** What is being looked up. */
  readonly #key = { kind: 0, word: 0, second: 0, third: 0, fourth: 0 };

  /** @param capacity a power of 2 */
  constructor(capacity = 1024) {
    this.#words = new Uint32Array(capacity);
    this.#kinds = new Uint8Array(capacity).fill(FREE);
    this.#slots = new Int32Array(SLOTS * capacity);
  }

  /** How many prefixes there are. */
  get size(): number {
    return this.#size;
  }

  /** All numbers are below. */
  get limit(): number {
    return this.#limit;
  }

  /** How far numbers can go before all tables grow. */
  get capacity(): number {
    return this.#words.length;
  }

  /** The number of the prefix whose octets are at `at`; host bits count nothing. `length` must be possible. */
  intern(family: Family, octets: Uint8Array, { at, length }: { at: number; length: number }): number {
    this.#read(family, octets, at, length);
    const id = this.#search();
    return id >= 0 ? id : this.#add();
  }

  /** The same, but -1 for a prefix that is not there. */
  find(family: Family, octets: Uint8Array, { at, length }: { at: number; length: number }): number {
    this.#read(family, octets, at, length);
    return this.#search();
  }

  internText(prefix: Prefix): number {
    const { octets, length } = prefixParts(prefix);
    return this.intern(octets.length === 4 ? 4 : 6, octets, { at: 0, length });
  }

  findText(prefix: Prefix): number {
    const { octets, length } = prefixParts(prefix);
    return this.find(octets.length === 4 ? 4 : 6, octets, { at: 0, length });
  }

  /** The number is nobody's from now on. */
  release(id: number): void {
    this.#vacate(this.#slotOf(id));
    this.#kinds[id] = FREE;
    this.#words[id] = this.#free;
    this.#free = id + 1;
    this.#size--;
  }

  isUsed(id: number): boolean {
    return id < this.#limit && this.#kinds[id] !== FREE;
  }

  family(id: number): Family {
    return (this.#kinds[id] as number) < IPV6 ? 4 : 6;
  }

  /** In bits. */
  lengthOf(id: number): number {
    const kind = this.#kinds[id] as number;
    return kind < IPV6 ? kind : kind - IPV6;
  }

  /** Its first 32 bits. */
  firstWord(id: number): number {
    return this.#words[id] as number;
  }

  /** All 4 or 16 octets. */
  network(id: number): Uint8Array {
    const words = this.family(id) === 4 ? [this.firstWord(id)] : [this.firstWord(id), ...this.#rest(id)];
    const octets = new Uint8Array(4 * words.length);
    const view = new DataView(octets.buffer);
    for (const [index, word] of words.entries()) view.setUint32(4 * index, word);
    return octets;
  }

  format(id: number): Prefix {
    return `${formatAddress(this.network(id))}/${this.lengthOf(id)}` as Prefix;
  }

  /** Writes the length and as many octets as it takes (RFC 4271 §4.3). */
  write(id: number, writer: NlriWriter): void {
    const length = this.lengthOf(id);
    writer.u8(length);
    let left = (length + 7) >>> 3;
    writer.leading(this.#words[id] as number, Math.min(left, 4));
    for (let at = 3 * id; left > 4; at++) {
      left -= 4;
      writer.leading(this.#more[at] as number, Math.min(left, 4));
    }
  }

  #rest(id: number): Uint32Array {
    return this.#more.subarray(3 * id, 3 * id + 3);
  }

  #read(family: Family, octets: Uint8Array, at: number, length: number): void {
    const key = this.#key;
    key.word = wordAt(octets, at, length);
    if (family === 4) {
      key.kind = length;
      return;
    }
    key.kind = IPV6 + length;
    key.second = wordAt(octets, at + 4, length - 32);
    key.third = wordAt(octets, at + 8, length - 64);
    key.fourth = wordAt(octets, at + 12, length - 96);
  }

  #search(): number {
    const { kind, word } = this.#key;
    const mask = this.#slots.length - 1;
    let slot = this.#hash() & mask;
    for (;;) {
      const id = (this.#slots[slot] as number) - 1;
      if (id < 0) return -1;
      if (this.#words[id] === word && this.#kinds[id] === kind && (kind < IPV6 || this.#isRest(id)))
        return id;
      slot = (slot + 1) & mask;
    }
  }

  #isRest(id: number): boolean {
    const { second, third, fourth } = this.#key;
    const at = 3 * id;
    return this.#more[at] === second && this.#more[at + 1] === third && this.#more[at + 2] === fourth;
  }

  #hash(): number {
    const { kind, word, second, third, fourth } = this.#key;
    if (kind < IPV6) {
      // Neighbors, which often come together, are kept together: 16 slots are a line of the processor's cache.
      const shift = 32 - kind;
      const last = kind === 0 ? 0 : word >>> shift;
      return (mixed((last >>> 4) ^ Math.imul(kind, 0x9e37_79b1)) << 4) | (last & 15);
    }
    return mixed(word ^ mixed(second ^ mixed(third ^ mixed(fourth ^ Math.imul(kind, 0x9e37_79b1)))));
  }

  #add(): number {
    const { kind, word, second, third, fourth } = this.#key;
    const id = this.#take();
    this.#words[id] = word;
    this.#kinds[id] = kind;
    if (kind >= IPV6) {
      if (this.#more.length < 3 * this.capacity) this.#more = grown(this.#more, 3 * this.capacity);
      this.#more.set([second, third, fourth], 3 * id);
    }
    this.#occupy(this.#hash(), id);
    this.#size++;
    return id;
  }

  #take(): number {
    if (this.#free !== 0) {
      const id = this.#free - 1;
      this.#free = this.#words[id] as number;
      return id;
    }
    if (this.#limit === this.capacity) this.#grow();
    return this.#limit++;
  }

  #occupy(hash: number, id: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = id + 1;
  }

  #grow(): void {
    const { kind, word, second, third, fourth } = this.#key;
    const former = this.capacity;
    this.#words = grown(this.#words, 2 * former);
    this.#kinds = grown(this.#kinds, 2 * former).fill(FREE, former);
    this.#slots = new Int32Array(SLOTS * 2 * former);
    for (let id = 0; id < this.#limit; id++) this.#occupy(this.#hashOf(id), id);
    Object.assign(this.#key, { kind, word, second, third, fourth });
  }

  /** Overwrites the key. */
  #hashOf(id: number): number {
    const key = this.#key;
    key.kind = this.#kinds[id] as number;
    key.word = this.#words[id] as number;
    if (key.kind >= IPV6)
      [key.second, key.third, key.fourth] = this.#rest(id) as unknown as [number, number, number];
    return this.#hash();
  }

  #slotOf(id: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#hashOf(id) & mask;
    while (this.#slots[slot] !== id + 1) slot = (slot + 1) & mask;
    return slot;
  }

  /** Moves what was put behind a slot because the slot was taken, so that searches still find it. */
  #vacate(vacant: number): void {
    const mask = this.#slots.length - 1;
    let hole = vacant;
    for (let slot = (hole + 1) & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = this.#hashOf((this.#slots[slot] as number) - 1) & mask;
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      this.#slots[hole] = this.#slots[slot] as number;
      hole = slot;
    }
    this.#slots[hole] = 0;
  }
}

/** The four octets at `at` as a number, of which the first `bits` count: none below 1, all above 31. */
function wordAt(octets: Uint8Array, at: number, bits: number): number {
  if (bits <= 0) return 0;
  let word = (octets[at] as number) << 24;
  if (bits > 8) word |= (octets[at + 1] as number) << 16;
  if (bits > 16) word |= (octets[at + 2] as number) << 8;
  if (bits > 24) word |= octets[at + 3] as number;
  return (bits >= 32 ? word : word & (-1 << (32 - bits))) >>> 0;
}

function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x7feb_352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846c_a68b);
  return hash ^ (hash >>> 16);
}
