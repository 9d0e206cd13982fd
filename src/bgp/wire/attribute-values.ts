import { addressOctets, formatAddress } from "../../net/address.ts";
import { AS_TRANS } from "../../net/asn.ts";
import { ByteReader, ByteWriter } from "../../std/bytes.ts";
import { type AsnWidth, decodeAsPath, isConfederation } from "./as-path.ts";
import { MalformedAttribute } from "./attribute.ts";
import type { AsPathSegment, Origin, PathAttributes } from "./message.ts";

/** AS and address of the speaker that made an aggregate (RFC 4271 §5.1.7). */
export type Aggregator = NonNullable<PathAttributes["aggregator"]>;

const origins: readonly Origin[] = ["igp", "egp", "incomplete"];

/** @throws {MalformedAttribute} if the length is not exactly this one */
export function checkLength(value: Uint8Array, length: number): Uint8Array {
  if (value.length !== length) throw new MalformedAttribute(`${value.length} octets instead of ${length}`);
  return value;
}

/** @throws {MalformedAttribute} if the value is not one or more units of this many octets */
export function checkUnits(value: Uint8Array, unit: number): Uint8Array {
  if (value.length > 0 && value.length % unit === 0) return value;
  throw new MalformedAttribute(`${value.length} octets are not one or more times ${unit}`);
}

/** @throws {MalformedAttribute} (RFC 7606 §7.1) */
export function decodeOrigin(value: Uint8Array): Origin {
  const [number = 0] = checkLength(value, 1);
  const origin = origins[number];
  if (origin === undefined) throw new MalformedAttribute(`value ${number}`);
  return origin;
}

export function encodeOrigin(origin: Origin): Uint8Array {
  return Uint8Array.of(origins.indexOf(origin));
}

/** @throws {MalformedAttribute} unless there are four octets */
export function decodeUint32(value: Uint8Array): number {
  return new ByteReader(checkLength(value, 4)).u32();
}

export function encodeUint32(...values: readonly number[]): Uint8Array {
  const writer = new ByteWriter();
  for (const value of values) writer.u32(value);
  return writer.finish();
}

/** @throws {MalformedAttribute} (RFC 7606 §7.8) */
export function decodeCommunities(value: Uint8Array): number[] {
  const reader = new ByteReader(checkUnits(value, 4));
  return Array.from({ length: value.length / 4 }, () => reader.u32());
}

/** The AS path of a peer in another AS has no confederation segments (RFC 5065 §5). @throws as `decodeAsPath` */
export function decodeExternalAsPath(value: Uint8Array, width: AsnWidth): AsPathSegment[] {
  const segments = decodeAsPath(value, width);
  if (segments.some(isConfederation)) throw new MalformedAttribute("confederation segment from another AS");
  return segments;
}

/** @throws {MalformedAttribute} (RFC 7606 §7.7, RFC 7607 §2) */
export function decodeAggregator(value: Uint8Array, width: AsnWidth): Aggregator {
  const reader = new ByteReader(checkLength(value, width + 4));
  const asn = width === 4 ? reader.u32() : reader.u16();
  if (asn === 0) throw new MalformedAttribute("AS 0");
  return { asn, address: formatAddress(reader.rest()) };
}

/** In two octets, an ASN that does not fit becomes AS_TRANS. */
export function encodeAggregator({ asn, address }: Aggregator, width: AsnWidth): Uint8Array {
  const writer = new ByteWriter();
  if (width === 4) writer.u32(asn);
  else writer.u16(asn > 0xffff ? AS_TRANS : asn);
  return writer.bytes(addressOctets(address)).finish();
}
