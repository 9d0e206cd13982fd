import { ByteReader, ByteWriter } from "../../std/bytes.ts";
import { type Message, WireError } from "./message.ts";

/** Octets of marker, length and type (RFC 4271 §4.1). */
export const HEADER_LENGTH = 19;

/** Octets of the longest message, header included (RFC 4271 §4.1). */
export const MAX_LENGTH = 4096;

/** Octets of the longest message between peers that said they take more (RFC 8654 §4). */
export const MAX_EXTENDED_LENGTH = 65_535;

const MARKER_LENGTH = 16;
const marker = new Uint8Array(MARKER_LENGTH).fill(0xff);

export interface Header {
  readonly type: Message["type"];
  /** Octets of the whole message. */
  readonly length: number;
}

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

const types = new Map(
  Object.entries(layouts).map(([type, { code }]) => [code, type as Message["type"]] as const),
);

/** Looks at as much of the marker as has come. @throws {WireError} 1/1 (RFC 4271 §6.1) */
export function checkMarker(octets: Uint8Array): void {
  if (!octets.subarray(0, MARKER_LENGTH).every((octet) => octet === 0xff)) {
    throw new WireError("connectionNotSynchronized", "the marker is not all ones");
  }
}

/**
 * @param octets at least {@link HEADER_LENGTH} of them
 * @param limit octets that a message may have, whatever its type
 * @throws {WireError} 1/1, 1/2 or 1/3 (RFC 4271 §6.1)
 */
export function decodeHeader(octets: Uint8Array, limit: number): Header {
  checkMarker(octets);
  const reader = new ByteReader(octets.subarray(MARKER_LENGTH));
  const length = reader.u16();
  checkLength(length, { min: HEADER_LENGTH, max: limit });
  const code = reader.u8();
  const type = types.get(code);
  if (type === undefined) {
    throw new WireError("badMessageType", `there is no message type ${code}`, Uint8Array.of(code));
  }
  checkLength(length, layouts[type]);
  return { type, length };
}

/** A whole message around `body`. @throws {RangeError} if it would be longer than `limit` */
export function encodeMessage(type: Message["type"], body: Uint8Array, limit = MAX_LENGTH): Uint8Array {
  const length = HEADER_LENGTH + body.length;
  if (length > limit) throw new RangeError(`a message of ${length} octets is longer than ${limit}`);
  return new ByteWriter().bytes(marker).u16(length).u8(layouts[type].code).bytes(body).finish();
}

function checkLength(length: number, { min, max }: { min: number; max: number }): void {
  if (length >= min && length <= max) return;
  const data = new ByteWriter().u16(length).finish();
  throw new WireError("badMessageLength", `message length ${length} is outside ${min}..${max}`, data);
}
