import { grown } from "./growth.ts";

/** A set of small numbers, one bit each. */
export class Bitmap {
  #words = new Uint32Array(0);
  #size = 0;

  /** How many numbers are in it. */
  get size(): number {
    return this.#size;
  }

  has(number: number): boolean {
    return (((this.#words[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1;
  }

  add(number: number): void {
    const index = number >>> 5;
    if (index >= this.#words.length) this.#words = grown(this.#words, Math.max(32, 2 * index));
    const word = this.#words[index] as number;
    const bit = (1 << (number & 31)) >>> 0;
    if ((word & bit) !== 0) return;
    this.#words[index] = word | bit;
    this.#size++;
  }

  delete(number: number): void {
    if (!this.has(number)) return;
    const index = number >>> 5;
    this.#words[index] = (this.#words[index] as number) & ~(1 << (number & 31));
    this.#size--;
  }

  /** Bits for 32 numbers, of which the first is 32 times `index`. */
  word(index: number): number {
    return this.#words[index] ?? 0;
  }
}
