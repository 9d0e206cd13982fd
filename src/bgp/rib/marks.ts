import { grown } from "./growth.ts";

/** Prefixes that are waiting for something, each once, the first marked first. */
export class Marks {
  #isMarked = new Uint8Array(1024);
  /** A ring. */
  #queue = new Int32Array(1024);
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(prefix: number): boolean {
    return this.#isMarked[prefix] === 1;
  }

  add(prefix: number): void {
    if (prefix >= this.#isMarked.length) this.#isMarked = grown(this.#isMarked, 2 * prefix);
    if (this.#isMarked[prefix] === 1) return;
    this.#isMarked[prefix] = 1;
    if (this.#size === this.#queue.length) this.#grow();
    this.#queue[(this.#head + this.#size) & (this.#queue.length - 1)] = prefix;
    this.#size++;
  }

  /** The first one, which is no longer marked; there must be one. */
  take(): number {
    const prefix = this.#queue[this.#head] as number;
    this.#head = (this.#head + 1) & (this.#queue.length - 1);
    this.#size--;
    this.#isMarked[prefix] = 0;
    return prefix;
  }

  #grow(): void {
    const longer = new Int32Array(2 * this.#queue.length);
    longer.set(this.#queue.subarray(this.#head));
    longer.set(this.#queue.subarray(0, this.#head), this.#queue.length - this.#head);
    this.#queue = longer;
    this.#head = 0;
  }
}
