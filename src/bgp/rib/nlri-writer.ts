/** Octets that grow at the end, for prefixes one behind the other (RFC 4271 §4.3). */
export class NlriWriter {
  #octets: Uint8Array;
  #length = 0;

  /** @param room octets that it has without growing */
  constructor(room = 64) {
    this.#octets = new Uint8Array(room);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    if (this.#length === this.#octets.length) this.#grow();
    this.#octets[this.#length++] = value;
  }

  u32(value: number): void {
    this.leading(value, 4);
  }

  /** The first `count` octets of a word of 32 bits. */
  leading(word: number, count: number): void {
    for (let shift = 24; shift > 24 - 8 * count; shift -= 8) this.u8((word >>> shift) & 0xff);
  }

  /** What was written from `start` on. A view, which is good until the writer is cleared or has to grow. */
  since(start: number): Uint8Array {
    return this.#octets.subarray(start, this.#length);
  }

  /** Starts over. */
  clear(): void {
    this.#length = 0;
  }

  #grow(): void {
    const longer = new Uint8Array(Math.max(64, 2 * this.#octets.length));
    longer.set(this.#octets);
    this.#octets = longer;
  }
}
