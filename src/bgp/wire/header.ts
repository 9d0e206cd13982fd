import { ByteWriter, u16At } from "../../std/bytes.ts";
import { type Encoding, type Message, WireError } from "./message.ts";

/** Octets of marker, length and type (RFC 4271 §4.1). */
export const HEADER_LENGTH = 19;

/** Octets of the longest message, header included (RFC 4271 §4.1). */
export const MAX_LENGTH = 4096;

/** Octets of the longest message between peers that said they take more (RFC 8654 §4). */
export const MAX_EXTENDED_LENGTH = 65_535;

const MARKER_LENGTH = 16;
const TYPE_AT = 18;

/**
 * Type codes, and the lengths that RFC 4271 §6.1 allows; a wrong ROUTE-REFRESH has a NOTIFICATION of its own. Only OPEN
 * and KEEPALIVE are never longer than 4,096 octets (RFC 8654 §4).
 */
const layouts: Record<Message["type"], { code: number; min: number; max: number }> = {
  open: { code: 1, min: 29, max: MAX_LENGTH },
  update: { code: 2, min: 23, max: MAX_EXTENDED_LENGTH },
  notification: { code: 3, min: 21, max: MAX_EXTENDED_LENGTH },
  keepalive: { code: 4, min: HEADER_LENGTH, max: HEADER_LENGTH },
  routeRefresh: { code: 5, min: HEADER_LENGTH, max: MAX_EXTENDED_LENGTH },
};

const typeNames = Object.keys(layouts) as Message["type"][];
const types: readonly (Message["type"] | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  typeNames.find((type) => layouts[type].code === code),
);

/** Octets of the longest message that the peer takes, but for OPEN and KEEPALIVE. */
export function maxLength(encoding: Encoding | undefined): number {
  return encoding?.extendedMessages ? MAX_EXTENDED_LENGTH : MAX_LENGTH;
}

/** Looks at as much of the marker as has come, from `start` to `end`. @throws {WireError} 1/1 (RFC 4271 §6.1) */
export function checkMarker(octets: Uint8Array, start: number, end: number): void {
  const most = Math.min(end, start + MARKER_LENGTH);
  for (let at = start; at < most; at++) {
    if (octets[at] !== 0xff) throw new WireError("connectionNotSynchronized", "the marker is not all ones");
  }
}

/**
 * Reads the {@link HEADER_LENGTH} octets at `start`.
 *
 * @param limit octets that a message may have, whatever its type
 * @returns octets of the whole message
 * @throws {WireError} 1/1, 1/2 or 1/3 (RFC 4271 §6.1)
 */
export function checkHeader(octets: Uint8Array, start: number, limit: number): number {
  checkMarker(octets, start, start + MARKER_LENGTH);
  const length = lengthAt(octets, start);
  checkLength(length, HEADER_LENGTH, limit);
  const code = octets[start + TYPE_AT] ?? 0;
  const type = types[code];
  if (type === undefined) {
    throw new WireError("badMessageType", `there is no message type ${code}`, Uint8Array.of(code));
  }
  checkLength(length, layouts[type].min, layouts[type].max);
  return length;
}

/** Octets of the whole message, as its header says. */
export function lengthAt(octets: Uint8Array, start: number): number {
  return u16At(octets, start + MARKER_LENGTH);
}

/** The type of a message whose header was checked. */
export function messageType(octets: Uint8Array, start: number): Message["type"] {
  const type = types[octets[start + TYPE_AT] ?? 0];
  if (type === undefined) throw new RangeError("the header was not checked");
  return type;
}

/** Writes marker, length and type of a message with so many octets behind them. */
export function writeHeader(writer: ByteWriter, type: Message["type"], body: number): void {
  writer
    .fill(0xff, MARKER_LENGTH)
    .u16(HEADER_LENGTH + body)
    .u8(layouts[type].code);
}

/** A whole message around `body`. @throws {RangeError} if it would be longer than `limit` */
export function encodeMessage(type: Message["type"], body: Uint8Array, limit = MAX_LENGTH): Uint8Array {
  const length = HEADER_LENGTH + body.length;
  if (length > limit) throw new RangeError(`a message of ${length} octets is longer than ${limit}`);
  const writer = new ByteWriter(length);
  writeHeader(writer, type, body.length);
  return writer.bytes(body).view();
}

function checkLength(length: number, min: number, max: number): void {
  if (length >= min && length <= max) return;
  const data = Uint8Array.of(length >> 8, length);
  throw new WireError("badMessageLength", `message length ${length} is outside ${min}..${max}`, data);
}
