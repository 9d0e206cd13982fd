import { viewOf } from "../../std/bytes.ts";
import {
  checkHeader,
  checkMarker,
  HEADER_LENGTH,
  MAX_EXTENDED_LENGTH,
  MAX_LENGTH,
  messageType,
} from "./header.ts";
import type { Message } from "./message.ts";

/** One message as it came, its header checked. Only {@link Framer} makes them. */
export interface Frame {
  readonly type: Message["type"];
  /** The whole message, header included; a view, good until the next frame is asked for. */
  readonly octets: Uint8Array;
}

/** Cuts a TCP stream into messages (RFC 4271 §4.1). Only octets of a message that comes in several chunks are copied. */
export class Framer {
  /** The beginning of a message whose end has not come. */
  #buffer = new Uint8Array(MAX_LENGTH);
  #filled = 0;
  #broken: unknown;

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
    if (this.#broken) throw this.#broken;
    let at = 0;
    if (this.#filled > 0) {
      at = this.#fill(chunk, at, HEADER_LENGTH);
      const length = this.#lengthOf(this.#buffer, 0, this.#filled);
      if (length === undefined) return;
      at = this.#fill(chunk, at, length);
      if (this.#filled < length) return;
      this.#filled = 0;
      yield frameAt(this.#buffer, 0, length);
    }
    while (at < chunk.length) {
      const length = this.#lengthOf(chunk, at, chunk.length);
      if (length === undefined || at + length > chunk.length) break;
      yield frameAt(chunk, at, at + length);
      at += length;
    }
    this.#fill(chunk, at, chunk.length);
  }

  /** Octets of the message at `start`; undefined if its header has not come whole. */
  #lengthOf(octets: Uint8Array, start: number, end: number): number | undefined {
    try {
      if (end - start >= HEADER_LENGTH) return checkHeader(octets, start, this.#buffer.length);
      checkMarker(octets, start, end);
      return undefined;
    } catch (error) {
      this.#broken = error;
      throw error;
    }
  }

  /** Takes octets of `chunk` from `at` on until there are `goal` of them. @returns where those not taken begin */
  #fill(chunk: Uint8Array, at: number, goal: number): number {
    const end = Math.max(at, Math.min(chunk.length, at + goal - this.#filled));
    if (end > at) this.#buffer.set(viewOf(chunk, at, end), this.#filled);
    this.#filled += end - at;
    return end;
  }
}

function frameAt(octets: Uint8Array, start: number, end: number): Frame {
  return { type: messageType(octets, start), octets: viewOf(octets, start, end) };
}
