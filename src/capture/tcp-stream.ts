import type { Segment } from "./segment.ts";

/** So many segments may wait for one that is missing: then it was lost on the way to us, not to the peer. */
const MOST_WAITING = 64;

/** The octets of one direction of a TCP connection, each once and in order, as its receiver gets them. */
export class TcpStream {
  readonly #isStart: (payload: Uint8Array) => boolean;
  readonly #waiting: Segment[] = [];
  #next: number | undefined;

  /** @param isStart whether one that joins in midway may begin with this segment */
  constructor(isStart: (payload: Uint8Array) => boolean) {
    this.#isStart = isStart;
  }

  /** Forgets all: what comes next is a beginning. */
  reset(): void {
    this.#next = undefined;
    this.#waiting.length = 0;
  }

  /** Yields what a segment adds, a view; nothing if it comes again, or before its time. */
  *push(segment: Segment): Generator<Uint8Array, void, void> {
    if (segment.syn) {
      this.reset();
      this.#next = (segment.sequence + 1) >>> 0;
      return;
    }
    if (segment.payload.length === 0) return;
    if (this.#waiting.length >= MOST_WAITING) this.reset();
    this.#next ??= this.#isStart(segment.payload) ? segment.sequence : undefined;
    if (this.#next === undefined) return;
    this.#waiting.push(segment);
    for (;;) {
      const octets = this.#take(this.#next);
      if (octets === undefined) return;
      this.#next = (this.#next + octets.length) >>> 0;
      yield octets;
      if (this.#next === undefined) return;
    }
  }

  /** The first octets from a sequence number on that are there. */
  #take(next: number): Uint8Array | undefined {
    for (let index = 0; index < this.#waiting.length; index++) {
      const { sequence, payload } = this.#waiting[index] as Segment;
      // Sequence numbers go round (RFC 9293 §3.4).
      const old = (next - sequence) | 0;
      if (old < 0) continue;
      this.#waiting.splice(index--, 1);
      if (old < payload.length) return payload.subarray(old);
    }
    return undefined;
  }
}
