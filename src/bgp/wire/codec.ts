import { ByteReader, ByteWriter } from "../../std/bytes.ts";
import { unreachable } from "../../std/errors.ts";
import type { Frame } from "./framer.ts";
import { encodeMessage, HEADER_LENGTH, MAX_EXTENDED_LENGTH, MAX_LENGTH } from "./header.ts";
import { type Encoding, emptyUpdate, type Message, type Notification } from "./message.ts";
import { decodeOpen, encodeOpen } from "./open.ts";
import { decodeRouteRefresh, encodeRouteRefresh } from "./route-refresh.ts";
import { decodeUpdate } from "./update-decoder.ts";
import { encodeUpdate } from "./update-encoder.ts";

/**
 * Reads one message.
 *
 * @param encoding what the two OPENs settled; without it an UPDATE is out of place whatever it says, and comes back empty
 * @throws {WireError} the NOTIFICATION that the peer must get
 */
export function decodeMessage(frame: Frame, encoding: Encoding | undefined): Message {
  const body = frame.octets.subarray(HEADER_LENGTH);
  switch (frame.type) {
    case "open":
      return decodeOpen(body);
    case "update":
      return encoding ? decodeUpdate(body, encoding) : emptyUpdate;
    case "notification":
      return decodeNotification(body);
    case "keepalive":
      return { type: "keepalive" };
    case "routeRefresh":
      return decodeRouteRefresh(frame.octets);
    default:
      return unreachable(frame.type);
  }
}

/**
 * Writes a message, headers included: one, but for an UPDATE as many as it takes (none if it changes nothing).
 *
 * @param encoding what the two OPENs settled; only an UPDATE needs it
 * @throws {RangeError} if a field does not fit, or an UPDATE comes without an encoding
 */
export function encodeMessages(message: Message, encoding: Encoding | undefined): Uint8Array[] {
  const limit = encoding?.extendedMessages ? MAX_EXTENDED_LENGTH : MAX_LENGTH;
  return encodeBodies(message, encoding).map((body) => encodeMessage(message.type, body, limit));
}

function encodeBodies(message: Message, encoding: Encoding | undefined): Uint8Array[] {
  switch (message.type) {
    case "open":
      return [encodeOpen(message)];
    case "update":
      if (encoding === undefined) throw new RangeError("an UPDATE can only be written for an encoding");
      return encodeUpdate(message, encoding);
    case "notification":
      return [encodeNotification(message)];
    case "keepalive":
      return [new Uint8Array()];
    case "routeRefresh":
      return [encodeRouteRefresh(message)];
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
