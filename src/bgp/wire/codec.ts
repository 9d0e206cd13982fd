import type { Address } from "../../net/address.ts";
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
import { encodeNextHop } from "./next-hop.ts";
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

/** Many messages. */
export interface Batch {
  readonly octets: Uint8Array<ArrayBuffer>;
  readonly count: number;
  /** Where the own next hop was put in for announcements without one. */
  readonly ownNextHops: readonly number[];
}

/** What batches are written in: it has soon grown to what a turn sends, and need not be made anew. */
const room = new ByteWriter(1 << 16);

/**
 * Writes many messages into one buffer of just their length, which belongs to the caller. It may be sent to all sessions
 * that have the same encoding and own next hop; see {@link withOwnNextHop} for others.
 *
 * @throws {RangeError} as {@link UpdateEncoder.encode}
 */
export function encodeBatch(
  messages: readonly (Update | RouteRefresh)[],
  encoding: Encoding,
  ownNextHop: OwnNextHop,
): Batch {
  room.clear();
  const updates = new UpdateEncoder(room, encoding, ownNextHop);
  let others = 0;
  for (const message of messages) {
    if (message.type === "update") {
      updates.encode(message);
    } else {
      room.bytes(encodeMessage(message.type, encodeRouteRefresh(message)));
      others++;
    }
  }
  return { octets: room.finish(), count: updates.count + others, ownNextHops: updates.ownNextHops };
}

/** The octets of a batch for a session whose own next hop is another link-local address; a copy. */
export function withOwnNextHop({ octets, ownNextHops }: Batch, linkLocal: Address): Uint8Array<ArrayBuffer> {
  const others = octets.slice();
  const nextHop = encodeNextHop({ linkLocal });
  for (const at of ownNextHops) others.set(nextHop, at);
  return others;
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
