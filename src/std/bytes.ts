/** Input ended before the field that was being read. */
export class TruncatedError extends Error {
  override readonly name = "TruncatedError";
  /** How many octets short the input was. */
  readonly missing: number;

  constructor(missing: number) {
    super(`input ends ${missing} octets early`);
    this.missing = missing;
  }
}

/** Reads big-endian fields in order. Every read is checked against the end and throws {@link TruncatedError}. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    return this.#uint(1);
  }

  u16(): number {
    return this.#uint(2);
  }

  u32(): number {
    return this.#uint(4);
  }

  /** A view, not a copy, of the next `length` octets. */
  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A view of all that is left. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** A reader confined to the next `length` octets, for length-prefixed fields. */
  slice(length: number): ByteReader {
    return new ByteReader(this.bytes(length));
  }

  #uint(width: number): number {
    const start = this.#take(width);
    let value = 0;
    for (let at = start; at < start + width; at++) value = value * 256 + (this.#bytes[at] ?? 0);
    return value;
  }

  #take(length: number): number {
    if (length > this.remaining) throw new TruncatedError(length - this.remaining);
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}

/** Appends big-endian fields to a growing buffer. */
export class ByteWriter {
  #bytes = new Uint8Array(64);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    return this.#uint(value, 1);
  }

  u16(value: number): this {
    return this.#uint(value, 2);
  }

  u32(value: number): this {
    return this.#uint(value, 4);
  }

  bytes(value: Uint8Array): this {
    const at = this.#grow(value.length);
    this.#bytes.set(value, at);
    return this;
  }

  /** Writes `body` behind its own length in one octet. @throws {RangeError} if the length does not fit */
  prefixed8(body: (writer: this) => void): this {
    return this.#prefixed(1, body);
  }

  /** Writes `body` behind its own length in two octets. @throws {RangeError} if the length does not fit */
  prefixed16(body: (writer: this) => void): this {
    return this.#prefixed(2, body);
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #prefixed(width: number, body: (writer: this) => void): this {
    const at = this.#grow(width);
    body(this);
    this.#put(at, this.#length - at - width, width);
    return this;
  }

  #uint(value: number, width: number): this {
    this.#put(this.#grow(width), value, width);
    return this;
  }

  #put(at: number, value: number, width: number): void {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * width)) {
      throw new RangeError(`${value} does not fit in ${width} octets`);
    }
    let rest = value;
    for (let index = at + width - 1; index >= at; index--) {
      this.#bytes[index] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  #grow(by: number): number {
    const at = this.#length;
    if (at + by > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, at + by));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#length += by;
    return at;
  }
}
