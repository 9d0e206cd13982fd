/** Messages and attributes as rtnetlink(7) frames them: fields in host order (little-endian), all aligned to four octets. */

/** A message to the kernel, without the sequence number, which the socket gives it. */
export interface NetlinkRequest {
  /** The operation and its object, for error messages: `["add link", "r1:eth0"]`. */
  readonly operation: readonly [call: string, object: string];
  readonly type: number;
  readonly flags: number;
  /** The fixed structure of the type, then attributes. */
  readonly body: Uint8Array;
}

/** A message from the kernel. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** A view. */
  readonly body: Uint8Array;
}

/** Attributes by type, without the nesting and byte-order bits; of a repeated one the last. */
export type Attributes = ReadonlyMap<number, Uint8Array>;

// linux/netlink.h
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLM_F_REQUEST = 0x1;
export const NLM_F_ACK = 0x4;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_DUMP = 0x300;
export const NLM_F_CREATE = 0x400;
const NLA_F_NESTED = 0x8000;
const NLA_TYPE_MASK = 0x3fff;

const HEADER_LENGTH = 16;
const ATTRIBUTE_HEADER = 4;

export function encodeMessage(request: NetlinkRequest, sequence: number): Uint8Array {
  const octets = new Uint8Array(HEADER_LENGTH + aligned(request.body.length));
  const view = new DataView(octets.buffer);
  view.setUint32(0, HEADER_LENGTH + request.body.length, true);
  view.setUint16(4, request.type, true);
  view.setUint16(6, request.flags, true);
  view.setUint32(8, sequence, true);
  octets.set(request.body, HEADER_LENGTH);
  return octets;
}

/** The messages of one datagram; a length that cannot be ends the list. */
export function decodeMessages(octets: Uint8Array): NetlinkMessage[] {
  const view = viewOf(octets);
  const messages: NetlinkMessage[] = [];
  for (let at = 0; at + HEADER_LENGTH <= octets.length; ) {
    const length = view.getUint32(at, true);
    if (length < HEADER_LENGTH || at + length > octets.length) break;
    messages.push({
      type: view.getUint16(at + 4, true),
      flags: view.getUint16(at + 6, true),
      sequence: view.getUint32(at + 8, true),
      body: octets.subarray(at + HEADER_LENGTH, at + length),
    });
    at += aligned(length);
  }
  return messages;
}

export function attribute(type: number, value: Uint8Array): Uint8Array {
  const octets = new Uint8Array(ATTRIBUTE_HEADER + aligned(value.length));
  const view = new DataView(octets.buffer);
  view.setUint16(0, ATTRIBUTE_HEADER + value.length, true);
  view.setUint16(2, type, true);
  octets.set(value, ATTRIBUTE_HEADER);
  return octets;
}

/** An attribute whose value is a sequence of attributes, perhaps behind a structure. */
export function nested(type: number, ...values: Uint8Array[]): Uint8Array {
  return attribute(type | NLA_F_NESTED, concat(...values));
}

/** @param octets what follows a message's fixed structure; a length that cannot be ends the map */
export function decodeAttributes(octets: Uint8Array): Attributes {
  const view = viewOf(octets);
  const attributes = new Map<number, Uint8Array>();
  for (let at = 0; at + ATTRIBUTE_HEADER <= octets.length; ) {
    const length = view.getUint16(at, true);
    if (length < ATTRIBUTE_HEADER || at + length > octets.length) break;
    const type = view.getUint16(at + 2, true) & NLA_TYPE_MASK;
    attributes.set(type, octets.subarray(at + ATTRIBUTE_HEADER, at + length));
    at += aligned(length);
  }
  return attributes;
}

export function u32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** Text with its terminating zero. */
export function text(value: string): Uint8Array {
  return encoder.encode(`${value}\0`);
}

const encoder = new TextEncoder();

/** @returns undefined if the attribute is missing or too short */
export function readU32(octets: Uint8Array | undefined): number | undefined {
  return octets && octets.length >= 4 ? viewOf(octets).getUint32(0, true) : undefined;
}

/** Text up to its terminating zero. */
export function readText(octets: Uint8Array | undefined): string | undefined {
  return octets && new TextDecoder().decode(octets).replace(/\0.*$/s, "");
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.length);
}

function aligned(length: number): number {
  return (length + 3) & ~3;
}
