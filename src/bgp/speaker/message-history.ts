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

/** Messages in octets that do not change, and when they passed. */
export interface Passed {
  /** One whole message or several. */
  readonly octets: Uint8Array;
  readonly passage: Passage;
  /** Milliseconds since 1970, whole ones. */
  readonly time: number;
  /** Of the first message; those of both directions are counted together. */
  readonly number: number;
}

/** Messages that passed in the same millisecond, one behind the other in the same memory: an object for each would be a lot. */
interface Stretch {
  readonly memory: ArrayBufferLike;
  readonly start: number;
  end: number;
  count: number;
  readonly passage: Passage;
  readonly time: number;
  readonly number: number;
}

/** How many messages of a direction are kept, and how many octets of theirs. */
const KEPT = 1024;
const KEPT_OCTETS = 1 << 16;

/** The last messages of one direction: octets, put into words only when somebody asks. */
export class MessageHistory {
  #stretches: Stretch[] = [];
  #first = 0;
  #count = 0;
  #octets = 0;

  /** @param count how many messages they are */
  push({ octets, passage, time, number }: Passed, count = 1): void {
    const start = octets.byteOffset;
    const end = start + octets.length;
    const last = this.#stretches.at(-1);
    const continues = last !== undefined && last.memory === octets.buffer && last.end === start;
    if (continues && last.time === time && last.passage === passage && last.number + last.count === number) {
      last.end = end;
      last.count += count;
    } else {
      this.#stretches.push({ memory: octets.buffer, start, end, count, passage, time, number });
    }
    this.#count += count;
    this.#octets += octets.length;
    this.#forget();
  }

  /** Oldest first. */
  get all(): readonly Passed[] {
    return this.#stretches.slice(this.#first).flatMap(messagesOf).slice(-KEPT);
  }

  /** Whatever is left when the oldest have gone is enough; the latest stay in any case. */
  #forget(): void {
    for (;;) {
      const oldest = this.#stretches[this.#first];
      if (!oldest || this.#first === this.#stretches.length - 1) return;
      const octets = oldest.end - oldest.start;
      if (this.#count - oldest.count < KEPT && this.#octets - octets < KEPT_OCTETS) break;
      this.#count -= oldest.count;
      this.#octets -= octets;
      this.#first++;
    }
    // What is forgotten still holds its memory, which may be much more than its messages.
    if (this.#first <= this.#stretches.length / 2) return;
    this.#stretches = this.#stretches.slice(this.#first);
    this.#first = 0;
  }
}

function messagesOf({ memory, start, end, passage, time, number }: Stretch): Passed[] {
  const octets = new Uint8Array(memory, start, end - start);
  const messages: Passed[] = [];
  for (let at = 0; at < octets.length; ) {
    const next = at + lengthAt(octets, at);
    messages.push({ octets: octets.subarray(at, next), passage, time, number: number + messages.length });
    at = next;
  }
  return messages;
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
