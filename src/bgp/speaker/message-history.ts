import type { MessageRecord } from "../control/session-detail.ts";
import type { ConnectionId } from "../session/state.ts";
import { decodeMessage } from "../wire/codec.ts";
import { describeMessage, messageName } from "../wire/describe.ts";
import type { Encoding, Message } from "../wire/message.ts";

/** How a message passed. */
export interface Passage {
  readonly direction: "sent" | "received";
  readonly connectionId: ConnectionId;
  /** Undefined before both OPENs were there. */
  readonly encoding: Encoding | undefined;
}

/** A message, somewhere in octets that do not change. */
export interface Passed {
  readonly type: Message["type"];
  readonly octets: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly passage: Passage;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Messages of both directions, counted together. */
  readonly number: number;
}

/** How many messages of a direction are kept, and how many octets of theirs. */
const KEPT = 1024;
const KEPT_OCTETS = 1 << 20;

/** The last messages of one direction: octets, put into words only when somebody asks. */
export class MessageHistory {
  #messages: Passed[] = [];
  #first = 0;
  #octets = 0;

  push(message: Passed): void {
    this.#messages.push(message);
    this.#octets += message.end - message.start;
    while (this.#messages.length - this.#first > KEPT || this.#octets > KEPT_OCTETS) {
      const oldest = this.#messages[this.#first++];
      this.#octets -= oldest ? oldest.end - oldest.start : 0;
    }
    if (this.#first < KEPT) return;
    this.#messages = this.#messages.slice(this.#first);
    this.#first = 0;
  }

  /** Oldest first. */
  get all(): readonly Passed[] {
    return this.#messages.slice(this.#first);
  }
}

/** A message in words. */
export function describePassed({ type, octets, start, end, passage, time }: Passed): MessageRecord {
  const { direction, connectionId, encoding } = passage;
  const frame = { type, octets: octets.subarray(start, end) };
  return {
    time: new Date(time).toISOString(),
    direction,
    connectionId,
    message: messageName({ type }),
    contents: describeMessage(decodeMessage(frame, asReader(encoding, direction))),
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
