import { ByteReader, ByteWriter } from "../../std/bytes.ts";
import { type AttributeError, type RawAttribute, WireError } from "./message.ts";

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
  mpReach: 14,
  mpUnreach: 15,
  extendedCommunities: 16,
  as4Path: 17,
  as4Aggregator: 18,
  ipv6ExtendedCommunities: 25,
  largeCommunities: 32,
  onlyToCustomer: 35,
} as const;

/** What is wrong with one attribute's value; ends the reading of that attribute, not of the UPDATE. */
export class MalformedAttribute extends Error {
  override readonly name = "MalformedAttribute";
}

/** Whether the code is that of MP_REACH_NLRI or MP_UNREACH_NLRI (RFC 4760). */
function isMultiprotocol(code: number): boolean {
  return code === attributeCodes.mpReach || code === attributeCodes.mpUnreach;
}

/**
 * Reads the attributes up to the first that overruns the field, each code once.
 *
 * @throws {WireError} 3/1 if MP_REACH_NLRI or MP_UNREACH_NLRI comes twice (RFC 7606 §3 g) or is cut off
 */
export function decodeAttributeList(octets: Uint8Array): {
  attributes: RawAttribute[];
  errors: AttributeError[];
} {
  const reader = new ByteReader(octets);
  const attributes = new Map<number, RawAttribute>();
  const errors: AttributeError[] = [];
  while (reader.remaining > 0) {
    const attribute = readAttribute(reader);
    if ("approach" in attribute) {
      errors.push(attribute);
      break;
    }
    if (attributes.has(attribute.code)) errors.push(duplicate(attribute.code));
    else attributes.set(attribute.code, attribute);
  }
  return { attributes: [...attributes.values()], errors };
}

/** Encodes attributes in ascending order, but those with NLRI first, so that these survive errors (RFC 7606 §5.1). */
export function encodeAttributeList(attributes: readonly RawAttribute[]): Uint8Array {
  const rank = ({ code }: RawAttribute) => (isMultiprotocol(code) ? 0 : code);
  const writer = new ByteWriter();
  for (const attribute of attributes.toSorted((a, b) => rank(a) - rank(b))) writeAttribute(writer, attribute);
  return writer.finish();
}

function readAttribute(reader: ByteReader): RawAttribute | AttributeError {
  if (reader.remaining < 2) return overrun(0);
  const flags = reader.u8();
  const code = reader.u8();
  const extended = (flags & attributeFlags.extendedLength) !== 0;
  if (reader.remaining < (extended ? 2 : 1)) return overrun(code);
  const length = extended ? reader.u16() : reader.u8();
  if (reader.remaining < length) return overrun(code);
  return { flags: flags & 0xe0, code, value: reader.bytes(length) };
}

/** RFC 7606 §4; but prefixes that are cut off cannot be withdrawn (§3 j). */
function overrun(code: number): AttributeError {
  const message = `attribute ${code} overruns the path attributes`;
  if (isMultiprotocol(code)) throw new WireError("malformedAttributeList", message);
  return { approach: "treatAsWithdraw", attribute: code, message };
}

function duplicate(code: number): AttributeError {
  if (isMultiprotocol(code)) throw new WireError("malformedAttributeList", `attribute ${code} comes twice`);
  return { approach: "attributeDiscard", attribute: code, message: "comes again; the first counts" };
}

function writeAttribute(writer: ByteWriter, { flags, code, value }: RawAttribute): void {
  if (value.length > 0xff) {
    writer.u8(flags | attributeFlags.extendedLength).u8(code);
    writer.prefixed16((w) => w.bytes(value));
  } else {
    writer.u8(flags).u8(code);
    writer.prefixed8((w) => w.bytes(value));
  }
}
