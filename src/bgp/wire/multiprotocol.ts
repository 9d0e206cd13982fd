import { afi, type Family } from "../../net/address.ts";
import { type ByteWriter, u16At, viewOf } from "../../std/bytes.ts";
import {
  type AttributeField,
  attributeCodes,
  attributeFlags,
  encodeAttribute,
  rawAttribute,
  writeAttributeHeader,
} from "./attribute.ts";
import { type Encoding, type Nlri, WireError } from "./message.ts";
import { checkNlri } from "./nlri.ts";

const UNICAST = 1;

/** AFI and SAFI. */
const FAMILY_LENGTH = 3;

/** MP_REACH_NLRI of a family that we read (RFC 4760 §3). */
export interface Reach {
  /** Where the 4, 16 or 32 octets of the next hop are in the message. */
  readonly nextHopStart: number;
  readonly nextHopEnd: number;
  readonly nlri: Nlri;
}

/**
 * @returns undefined for a family that was not negotiated: it is skipped (RFC 4760 §7)
 * @throws {WireError} 3/9 or 3/10 where the prefixes cannot be found for sure (RFC 7606 §5.3, §7.11)
 */
export function decodeReach(field: AttributeField, encoding: Encoding): Reach | undefined {
  const { octets, start, end } = field;
  const family = familyAt(field, encoding);
  if (family === undefined) return undefined;
  const length = octets[start + FAMILY_LENGTH] ?? 0;
  const nextHopStart = start + FAMILY_LENGTH + 1;
  const nextHopEnd = nextHopStart + length;
  const reserved = 1;
  if (nextHopEnd + reserved > end) throw malformed(field, "ends early");
  if (!nextHopLengths[family].includes(length)) throw malformed(field, `next hop of ${length} octets`);
  return { nextHopStart, nextHopEnd, nlri: nlriAt(field, nextHopEnd + reserved, { family, encoding }) };
}

/** As {@link decodeReach}, for what is withdrawn. */
export function decodeUnreach(field: AttributeField, encoding: Encoding): Nlri | undefined {
  const family = familyAt(field, encoding);
  return family && nlriAt(field, field.start + FAMILY_LENGTH, { family, encoding });
}

/** Octets of MP_REACH_NLRI beside its NLRI, without its own header. */
export function reachLength(nextHop: Uint8Array): number {
  return FAMILY_LENGTH + 1 + nextHop.length + 1;
}

/** Octets of MP_UNREACH_NLRI beside its NLRI, without its own header. */
export const UNREACH_LENGTH = FAMILY_LENGTH;

/** Everything of MP_REACH_NLRI that is before its `length` octets of NLRI. The next hop has 4, 16 or 32 octets. */
export function writeReach(
  writer: ByteWriter,
  { family, nextHop }: { readonly family: Family; readonly nextHop: Uint8Array },
  length: number,
): void {
  writeAttributeHeader(writer, reachHeader, reachLength(nextHop) + length);
  writer.u16(afi(family)).u8(UNICAST).u8(nextHop.length).bytes(nextHop).u8(0);
}

/** Everything of MP_UNREACH_NLRI that is before its `length` octets of NLRI; without any, it marks the End-of-RIB. */
export function writeUnreach(writer: ByteWriter, family: Family, length: number): void {
  writeAttributeHeader(writer, unreachHeader, UNREACH_LENGTH + length);
  writer.u16(afi(family)).u8(UNICAST);
}

const reachHeader = { flags: attributeFlags.optional, code: attributeCodes.mpReach };
const unreachHeader = { flags: attributeFlags.optional, code: attributeCodes.mpUnreach };

/** RFC 4760 §3, RFC 8950 §3, RFC 2545 §3. */
const nextHopLengths: Record<Family, readonly number[]> = { 4: [4, 16, 32], 6: [16, 32] };

function familyAt(field: AttributeField, { families }: Encoding): Family | undefined {
  const { octets, start, end } = field;
  if (end - start < FAMILY_LENGTH) throw malformed(field, "ends early");
  if (octets[start + 2] !== UNICAST) return undefined;
  const number = u16At(octets, start);
  for (const family of families) if (afi(family) === number) return family;
  return undefined;
}

function nlriAt(
  { octets, end }: AttributeField,
  start: number,
  { family, encoding }: { readonly family: Family; readonly encoding: Encoding },
): Nlri {
  const addPath = encoding.addPath.receive.includes(family);
  const nlri: Nlri = { family, addPath, octets: viewOf(octets, start, end) };
  checkNlri(nlri);
  return nlri;
}

/** RFC 4271 §6.3: the NOTIFICATION carries the attribute. */
function malformed(field: AttributeField, message: string): WireError {
  const data = encodeAttribute(rawAttribute(field));
  return new WireError("optionalAttributeError", `attribute ${field.code}: ${message}`, data);
}
