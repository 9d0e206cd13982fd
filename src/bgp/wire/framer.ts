import { checkMarker, decodeHeader, HEADER_LENGTH, MAX_EXTENDED_LENGTH, MAX_LENGTH } from "./header.ts";
import type { Message } from "./message.ts";

/** One message as it came, its header checked. Only {@link Framer} makes them. */
export interface Frame {
  readonly type: Message["type"];
  /** The whole message, header included; a copy. */
  readonly octets: Uint8Array;
}

/** Cuts a TCP stream into messages (RFC 4271 §4.1) and keeps what is not yet whole. Each octet is copied twice. */
export class Framer {
  #buffer = new Uint8Array(MAX_LENGTH);
  #filled = 0;

  /** Takes messages of up to 65,535 octets from now on (RFC 8654 §4). */
  allowExtended(): void {
    if (this.#buffer.length === MAX_EXTENDED_LENGTH) return;
    const larger = new Uint8Array(MAX_EXTENDED_LENGTH);
    larger.set(this.#buffer.subarray(0, this.#filled));
    this.#buffer = larger;
  }

  /**
   * Yields the messages that `chunk` completes; iterate to the end, as the chunk is only read by doing so.
   *
   * @throws {WireError} as soon as a header is wrong, since waiting for more would hang the session; and ever after
   */
  *push(chunk: Uint8Array): Generator<Frame, void, void> {
    let rest = chunk;
    while (rest.length > 0) {
      rest = this.#fill(rest, HEADER_LENGTH);
      checkMarker(this.#buffer.subarray(0, this.#filled));
      if (this.#filled < HEADER_LENGTH) return;
      const { type, length } = decodeHeader(this.#buffer, this.#buffer.length);
      rest = this.#fill(rest, length);
      if (this.#filled < length) return;
      this.#filled = 0;
      yield { type, octets: this.#buffer.slice(0, length) };
    }
  }

  /** Takes octets until there are `goal` of them. @returns those not taken */
  #fill(octets: Uint8Array, goal: number): Uint8Array {
    const taken = octets.subarray(0, Math.max(0, goal - this.#filled));
    this.#buffer.set(taken, this.#filled);
    this.#filled += taken.length;
    return octets.subarray(taken.length);
  }
}
