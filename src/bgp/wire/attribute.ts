import { ByteWriter, viewOf } from "../../std/bytes.ts";
import type { RawAttribute } from "./message.ts";

/** Bits of a path attribute's first octet (RFC 4271 §4.3). */
export const attributeFlags = {
  optional: 0x80,
  transitive: 0x40,
  partial: 0x20,
  extendedLength: 0x10,
} as const;

/** Type codes of the path attributes that we look into (IANA, BGP Path Attributes). */
export const attributeCodes = {
  origin: 1,
  asPath: 2,
  nextHop: 3,
  med: 4,
  localPref: 5,
  atomicAggregate: 6,
  aggregator: 7,
  communities: 8,
  originatorId: 9,
  clusterList: 10,
  mpReach: 14,
  mpUnreach: 15,
  extendedCommunities: 16,
  as4Path: 17,
  as4Aggregator: 18,
  ipv6ExtendedCommunities: 25,
  aigp: 26,
  largeCommunities: 32,
  onlyToCustomer: 35,
} as const;

/** One attribute where it stands in a message. Readers move one such object from attribute to attribute. */
export interface AttributeField {
  readonly octets: Uint8Array;
  /** Without the extended length bit, which says nothing about the attribute. */
  flags: number;
  code: number;
  /** Where the value begins and ends. */
  start: number;
  end: number;
}

/** The attribute as it came; its value is a copy. */
export function rawAttribute({ octets, flags, code, start, end }: AttributeField): RawAttribute {
  return { flags, code, value: viewOf(octets, start, end).slice() };
}

/** Flags, code, length and value, for the data of a NOTIFICATION (RFC 4271 §6.3). */
export function encodeAttribute({ flags, code, value }: RawAttribute): Uint8Array {
  const writer = new ByteWriter();
  writeAttributeHeader(writer, { flags, code }, value.length);
  return writer.bytes(value).finish();
}

/** Writes what stands before the value; the length takes two octets only where it must. */
export function writeAttributeHeader(
  writer: ByteWriter,
  { flags, code }: { readonly flags: number; readonly code: number },
  length: number,
): void {
  if (length > 0xff)
    writer
      .u8(flags | attributeFlags.extendedLength)
      .u8(code)
      .u16(length);
  else writer.u8(flags).u8(code).u8(length);
}
