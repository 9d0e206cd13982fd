import { afi, type Family } from "../../net/address.ts";
import type { Prefix } from "../../net/prefix.ts";
import { ByteReader, ByteWriter, TruncatedError } from "../../std/bytes.ts";
import { attributeCodes, attributeFlags, encodeAttributeList } from "./attribute.ts";
import { type RawAttribute, WireError } from "./message.ts";
import { decodePrefixes } from "./nlri.ts";

const UNICAST = 1;

/** MP_REACH_NLRI of a family that we read (RFC 4760 §3). */
export interface Reach {
  readonly family: Family;
  /** 4, 16 or 32 octets. */
  readonly nextHop: Uint8Array;
  readonly prefixes: readonly Prefix[];
}

/** MP_UNREACH_NLRI of a family that we read (RFC 4760 §4). */
export interface Unreach {
  readonly family: Family;
  readonly prefixes: readonly Prefix[];
}

/**
 * @returns undefined for a family that is not among `families`: it is skipped (RFC 4760 §7)
 * @throws {WireError} 3/9 or 3/10 where the prefixes cannot be found for sure (RFC 7606 §5.3, §7.11)
 */
export function decodeReach(attribute: RawAttribute, families: readonly Family[]): Reach | undefined {
  return orOptionalAttributeError(attribute, () => {
    const reader = new ByteReader(attribute.value);
    const family = readFamily(reader, families);
    if (family === undefined) return undefined;
    const nextHop = reader.bytes(reader.u8());
    if (!nextHopLengths[family].includes(nextHop.length)) {
      throw malformed(attribute, `next hop of ${nextHop.length} octets`);
    }
    reader.u8(); // reserved
    return { family, nextHop, prefixes: decodePrefixes(reader.rest(), family) };
  });
}

/** As {@link decodeReach}, for what is withdrawn. */
export function decodeUnreach(attribute: RawAttribute, families: readonly Family[]): Unreach | undefined {
  return orOptionalAttributeError(attribute, () => {
    const reader = new ByteReader(attribute.value);
    const family = readFamily(reader, families);
    return family && { family, prefixes: decodePrefixes(reader.rest(), family) };
  });
}

/** The next hop has 4, 16 or 32 octets; `nlri` is as from `packPrefixes`. */
export function encodeReach({ family, nextHop, nlri }: ReachOctets): RawAttribute {
  const writer = new ByteWriter().u16(afi(family)).u8(UNICAST);
  writer.prefixed8((w) => w.bytes(nextHop));
  return {
    flags: attributeFlags.optional,
    code: attributeCodes.mpReach,
    value: writer.u8(0).bytes(nlri).finish(),
  };
}

/** `nlri` is as from `packPrefixes`; without any, the attribute marks the End-of-RIB */
export function encodeUnreach(family: Family, nlri: Uint8Array): RawAttribute {
  return {
    flags: attributeFlags.optional,
    code: attributeCodes.mpUnreach,
    value: new ByteWriter().u16(afi(family)).u8(UNICAST).bytes(nlri).finish(),
  };
}

interface ReachOctets {
  readonly family: Family;
  readonly nextHop: Uint8Array;
  readonly nlri: Uint8Array;
}

/** RFC 4760 §3, RFC 8950 §3, RFC 2545 §3. */
const nextHopLengths: Record<Family, readonly number[]> = { 4: [4, 16, 32], 6: [16, 32] };

function readFamily(reader: ByteReader, families: readonly Family[]): Family | undefined {
  const number = reader.u16();
  const safi = reader.u8();
  return safi === UNICAST ? families.find((family) => afi(family) === number) : undefined;
}

function orOptionalAttributeError<T>(attribute: RawAttribute, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TruncatedError) throw malformed(attribute, error.message);
    throw error;
  }
}

/** RFC 4271 §6.3: the NOTIFICATION carries the attribute. */
function malformed(attribute: RawAttribute, message: string): WireError {
  const data = encodeAttributeList([attribute]);
  return new WireError("optionalAttributeError", `attribute ${attribute.code}: ${message}`, data);
}
