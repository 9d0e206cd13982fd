import { ByteReader, ByteWriter } from "../../std/bytes.ts";
import { unreachable } from "../../std/errors.ts";
import type { Frame } from "./framer.ts";
import { encodeMessage, HEADER_LENGTH, lengthAt, MAX_LENGTH, maxLength } from "./header.ts";
import {
  type Encoding,
  emptyUpdate,
  type Message,
  type Notification,
  type RouteRefresh,
  type Update,
} from "./message.ts";
import { decodeOpen, encodeOpen } from "./open.ts";
import { decodeRouteRefresh, encodeRouteRefresh } from "./route-refresh.ts";
import { decodeUpdate } from "./update-decoder.ts";
import { noNextHop, type OwnNextHop, UpdateEncoder } from "./update-encoder.ts";

/**
 * Reads one message. NLRI of an UPDATE are views of the frame; nothing of any other message is.
 *
 * @param encoding what the two OPENs settled; without it an UPDATE is out of place whatever it says, and comes back empty
 * @throws {WireError} the NOTIFICATION that the peer must get
 */
export function decodeMessage(frame: Frame, encoding: Encoding | undefined): Message {
  const { type, octets } = frame;
  switch (type) {
    case "open":
      return decodeOpen(octets.slice(HEADER_LENGTH));
    case "update":
      return encoding ? decodeUpdate(octets, encoding, HEADER_LENGTH) : emptyUpdate;
    case "notification":
      return decodeNotification(octets.slice(HEADER_LENGTH));
    case "keepalive":
      return { type: "keepalive" };
    case "routeRefresh":
      return decodeRouteRefresh(octets);
    default:
      return unreachable(type);
  }
}

/**
 * Writes a message, headers included: one, but for an UPDATE as many as it takes (none if it changes nothing).
 *
 * @param encoding what the two OPENs settled; only an UPDATE needs it
 * @throws {RangeError} if a field does not fit, or an UPDATE comes without an encoding
 */
export function encodeMessages(
  message: Message,
  encoding: Encoding | undefined,
  ownNextHop: OwnNextHop = noNextHop,
): Uint8Array[] {
  if (message.type !== "update")
    return [encodeMessage(message.type, encodeBody(message), maxLength(encoding))];
  if (encoding === undefined) throw new RangeError("an UPDATE can only be written for an encoding");
  return splitMessages(encodeBatch([message], encoding, ownNextHop).octets);
}

/** Messages one behind the other, headers included, and how many they are. */
export interface Batch {
  readonly octets: Uint8Array<ArrayBuffer>;
  readonly count: number;
}

/**
 * Writes many messages into one buffer, which belongs to the caller. It may be sent to all sessions that have the same
 * encoding and own next hops.
 *
 * @throws {RangeError} as {@link UpdateEncoder.encode}
 */
export function encodeBatch(
  messages: readonly (Update | RouteRefresh)[],
  encoding: Encoding,
  ownNextHop: OwnNextHop,
): Batch {
  const writer = new ByteWriter(roomFor(messages));
  const updates = new UpdateEncoder(writer, encoding, ownNextHop);
  let others = 0;
  for (const message of messages) {
    if (message.type === "update") {
      updates.encode(message);
    } else {
      writer.bytes(encodeMessage(message.type, encodeRouteRefresh(message)));
      others++;
    }
  }
  return { octets: writer.view(), count: updates.count + others };
}

/** Octets that are mostly enough: growing costs a copy of all that is written. */
function roomFor(messages: readonly (Update | RouteRefresh)[]): number {
  const perMessage = 160;
  let room = 64;
  for (const message of messages) {
    room += perMessage;
    if (message.type !== "update") continue;
    for (const { octets } of message.withdrawn) room += octets.length;
    for (const { nlri } of message.announced) room += nlri.octets.length;
  }
  return room;
}

/** Views of the single messages. */
function splitMessages(octets: Uint8Array): Uint8Array[] {
  const messages: Uint8Array[] = [];
  for (let start = 0; start < octets.length; ) {
    const end = start + lengthAt(octets, start);
    messages.push(octets.subarray(start, end));
    start = end;
  }
  return messages;
}

function encodeBody(message: Exclude<Message, Update>): Uint8Array {
  switch (message.type) {
    case "open":
      return encodeOpen(message);
    case "notification":
      return encodeNotification(message);
    case "keepalive":
      return new Uint8Array();
    case "routeRefresh":
      return encodeRouteRefresh(message);
    default:
      return unreachable(message);
  }
}

/** RFC 4271 §4.5; the framer has seen to it that there are two octets. */
function decodeNotification(body: Uint8Array): Notification {
  const reader = new ByteReader(body);
  return { type: "notification", code: reader.u8(), subcode: reader.u8(), data: reader.rest() };
}

/** Data may be a whole message of the peer's, which does not fit beside two more octets: what is too much is cut. */
function encodeNotification({ code, subcode, data }: Notification): Uint8Array {
  const room = MAX_LENGTH - HEADER_LENGTH - 2;
  return new ByteWriter().u8(code).u8(subcode).bytes(data.subarray(0, room)).finish();
}
