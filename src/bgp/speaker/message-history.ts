import type { MessageRecord } from "../control/session-detail.ts";
import type { ConnectionId } from "../session/state.ts";
import { decodeMessage } from "../wire/codec.ts";
import { describeMessage, messageName } from "../wire/describe.ts";
import { lengthAt, messageType } from "../wire/header.ts";
import type { Encoding } from "../wire/message.ts";

/** How a message passed. */
export interface Passage {
  readonly direction: "sent" | "received";
  readonly connectionId: ConnectionId;
  /** Undefined before both OPENs were there. */
  readonly encoding: Encoding | undefined;
}

/** A message, and when it passed. */
export interface Passed {
  readonly octets: Uint8Array;
  readonly passage: Passage;
  /** Milliseconds since 1970, whole ones. */
  readonly time: number;
  /** Messages of both directions are counted together. */
  readonly number: number;
}

/** Messages that passed in the same millisecond, one behind the other: an object for each would be a lot. */
interface Stretch {
  /** Of all octets that ever passed, where they begin and end. */
  readonly start: number;
  end: number;
  count: number;
  readonly passage: Passage;
  readonly time: number;
  readonly number: number;
}

/** How many messages of a direction are kept, and how many octets of theirs: as many as the longest message has, or more. */
const KEPT = 1024;
const KEPT_OCTETS = 1 << 16;

/** A stretch goes as a whole when its first octet does, so none is long. */
const LONGEST_STRETCH = 1 << 12;

const FIRST_OCTETS = 1 << 10;

/** The last messages of one direction: copies of octets, put into words only when somebody asks. */
export class MessageHistory {
  /** A ring once it has its full size. */
  #memory = new Uint8Array(FIRST_OCTETS);
  #end = 0;
  #stretches: Stretch[] = [];
  #first = 0;
  #count = 0;

  push({ octets, passage, time, number }: Passed): void {
    const start = this.#write(octets);
    const last = this.#stretches.at(-1);
    const continues = last?.end === start && this.#end - last.start <= LONGEST_STRETCH;
    if (continues && last.time === time && last.passage === passage && last.number + last.count === number) {
      last.end = this.#end;
      last.count++;
    } else {
      this.#stretches.push({ start, end: this.#end, count: 1, passage, time, number });
    }
    this.#count++;
    this.#forget();
  }

  /** Oldest first. */
  get all(): readonly Passed[] {
    const stretches = this.#stretches.slice(this.#first);
    return stretches.flatMap((stretch) => this.#messagesOf(stretch)).slice(-KEPT);
  }

  /** No message goes over the end of the ring. @returns where it begins */
  #write(octets: Uint8Array): number {
    this.#grow(this.#end + octets.length);
    const size = this.#memory.length;
    const at = this.#end % size;
    const start = at + octets.length <= size ? this.#end : this.#end + size - at;
    this.#memory.set(octets, start % size);
    this.#end = start + octets.length;
    return start;
  }

  #grow(length: number): void {
    const { length: size } = this.#memory;
    if (length <= size || size === KEPT_OCTETS) return;
    const larger = new Uint8Array(Math.min(KEPT_OCTETS, Math.max(2 * size, length)));
    larger.set(this.#memory);
    this.#memory = larger;
  }

  /** What is written over, and whatever is not needed for there to be enough messages. */
  #forget(): void {
    for (;;) {
      const oldest = this.#stretches[this.#first] as Stretch;
      const isThere = oldest.start >= this.#end - this.#memory.length;
      if (isThere && this.#count - oldest.count < KEPT) break;
      this.#count -= oldest.count;
      this.#first++;
    }
    if (this.#first <= this.#stretches.length / 2) return;
    this.#stretches = this.#stretches.slice(this.#first);
    this.#first = 0;
  }

  #messagesOf({ start, count, passage, time, number }: Stretch): Passed[] {
    const size = this.#memory.length;
    const messages: Passed[] = [];
    for (let at = start; messages.length < count; ) {
      const from = at % size;
      const length = lengthAt(this.#memory, from);
      const octets = this.#memory.slice(from, from + length);
      messages.push({ octets, passage, time, number: number + messages.length });
      at += length;
    }
    return messages;
  }
}

/** A message in words. */
export function describePassed({ octets, passage, time }: Passed): MessageRecord {
  const { direction, connectionId, encoding } = passage;
  const type = messageType(octets, 0);
  return {
    time: new Date(time).toISOString(),
    direction,
    connectionId,
    message: messageName({ type }),
    contents: describeMessage(decodeMessage({ type, octets }, asReader(encoding, direction))),
  };
}

/** What was sent is read as the peer reads it. */
export function asReader(
  encoding: Encoding | undefined,
  direction: Passage["direction"],
): Encoding | undefined {
  if (!encoding || direction === "received") return encoding;
  const { receive, send } = encoding.addPath;
  return { ...encoding, addPath: { receive: send, send: receive } };
}
