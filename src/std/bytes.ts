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

/** Two big-endian octets; those beyond the end count as 0. */
export function u16At(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

/** Four big-endian octets; those beyond the end count as 0. */
export function u32At(octets: Uint8Array, at: number): number {
  return ((u16At(octets, at) << 16) | u16At(octets, at + 2)) >>> 0;
}

/** A view of the octets from `start` to `end`. Unlike `subarray`, it is a plain `Uint8Array` even of a `Buffer`, and is made faster. */
export function viewOf(octets: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(octets.buffer, octets.byteOffset + start, end - start);
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
    return this.#bytes[this.#take(1)] ?? 0;
  }

  u16(): number {
    return u16At(this.#bytes, this.#take(2));
  }

  u32(): number {
    return u32At(this.#bytes, this.#take(4));
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

  #take(length: number): number {
    if (length > this.remaining) throw new TruncatedError(length - this.remaining);
    const start = this.#offset;
    this.#offset += length;
    return start;
  }
}

/** Below that many octets a loop copies faster than `set`. */
const FEW_OCTETS = 64;

/** Appends big-endian fields to a growing buffer. @throws {RangeError} for a value that does not fit its field */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param room octets for which it need not grow */
  constructor(room = 64) {
    this.#bytes = new Uint8Array(room);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    checkFits(value, 0xff);
    const at = this.#grow(1);
    this.#bytes[at] = value;
    return this;
  }

  u16(value: number): this {
    const at = this.#grow(2);
    return this.setU16(at, value);
  }

  u32(value: number): this {
    checkFits(value, 0xffff_ffff);
    const at = this.#grow(4);
    const bytes = this.#bytes;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
    return this;
  }

  /** Appends the numbers of a list from `start` to `end`, four octets each. */
  u32s(values: ArrayLike<number>, start: number, end: number): this {
    let at = this.#grow(4 * (end - start));
    const bytes = this.#bytes;
    for (let index = start; index < end; index++, at += 4) {
      const value = values[index] ?? 0;
      checkFits(value, 0xffff_ffff);
      bytes[at] = value >>> 24;
      bytes[at + 1] = value >>> 16;
      bytes[at + 2] = value >>> 8;
      bytes[at + 3] = value;
    }
    return this;
  }

  bytes(value: Uint8Array): this {
    return this.range(value, 0, value.length);
  }

  /** Appends the octets of `value` from `start` to `end`. */
  range(value: Uint8Array, start: number, end: number): this {
    const count = end - start;
    const at = this.#grow(count);
    const bytes = this.#bytes;
    if (count > FEW_OCTETS) bytes.set(viewOf(value, start, end), at);
    else for (let index = 0; index < count; index++) bytes[at + index] = value[start + index] ?? 0;
    return this;
  }

  /** Appends `count` octets of this value. */
  fill(value: number, count: number): this {
    const at = this.#grow(count);
    this.#bytes.fill(value, at, at + count);
    return this;
  }

  /** Writes two octets over those at `at`. */
  setU16(at: number, value: number): this {
    checkFits(value, 0xffff);
    this.#bytes[at] = value >>> 8;
    this.#bytes[at + 1] = value;
    return this;
  }

  /** Writes `body` behind its own length in one octet. */
  prefixed8(body: (writer: this) => void): this {
    const at = this.#grow(1);
    body(this);
    const length = this.#length - at - 1;
    checkFits(length, 0xff);
    this.#bytes[at] = length;
    return this;
  }

  /** Writes `body` behind its own length in two octets. */
  prefixed16(body: (writer: this) => void): this {
    const at = this.#grow(2);
    body(this);
    return this.setU16(at, this.#length - at - 2);
  }

  /** A copy of what was written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** A view of what was written, good until more is written. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Forgets what was written and keeps the room. */
  clear(): void {
    this.#length = 0;
  }

  #grow(by: number): number {
    const at = this.#length;
    if (at + by > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, at + by));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#length = at + by;
    return at;
  }
}

function checkFits(value: number, max: number): void {
  if (value >>> 0 !== value || value > max) throw new RangeError(`${value} does not fit in 0..${max}`);
}
