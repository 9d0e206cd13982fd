import { AS_TRANS } from "../../net/asn.ts";
import { ByteReader, ByteWriter } from "../../std/bytes.ts";
import { MalformedAttribute } from "./attribute.ts";
import type { AsPathSegment } from "./message.ts";

/** Octets of an ASN in AS_PATH and AGGREGATOR: 4 once both ends said so (RFC 6793). */
export type AsnWidth = 2 | 4;

type SegmentType = AsPathSegment["type"];

const segmentCodes: Record<SegmentType, number> = { set: 1, sequence: 2, confedSequence: 3, confedSet: 4 };
const segmentTypes = new Map(
  Object.entries(segmentCodes).map(([type, code]) => [code, type as SegmentType] as const),
);
const MAX_ASNS = 255;

/** @throws {MalformedAttribute | TruncatedError} as RFC 7606 §7.2 and RFC 7607 §2 define it */
export function decodeAsPath(value: Uint8Array, width: AsnWidth): AsPathSegment[] {
  const reader = new ByteReader(value);
  const segments: AsPathSegment[] = [];
  while (reader.remaining > 0) segments.push(readSegment(reader, width));
  return segments;
}

/** Where ASNs have two octets, those that do not fit become {@link AS_TRANS}. Long sequences take several segments. */
export function encodeAsPath(segments: readonly AsPathSegment[], width: AsnWidth): Uint8Array {
  const writer = new ByteWriter();
  for (const { type, asns } of segments.flatMap(splitSequence)) {
    writer.u8(segmentCodes[type]).u8(asns.length);
    for (const asn of asns) {
      if (width === 4) writer.u32(asn);
      else writer.u16(asn > 0xffff ? AS_TRANS : asn);
    }
  }
  return writer.finish();
}

/** Whether the segment stays inside a confederation of ASes (RFC 5065 §3). */
export function isConfederation({ type }: AsPathSegment): boolean {
  return type === "confedSequence" || type === "confedSet";
}

/** As in `show ip bgp`: sets in braces, confederation segments in parentheses and brackets. */
export function formatAsPath(segments: readonly AsPathSegment[]): string {
  return segments.map(formatSegment).join(" ");
}

function readSegment(reader: ByteReader, width: AsnWidth): AsPathSegment {
  const code = reader.u8();
  const type = segmentTypes.get(code);
  if (type === undefined) throw new MalformedAttribute(`segment type ${code}`);
  const count = reader.u8();
  if (count === 0) throw new MalformedAttribute("segment without an AS number");
  const asns = Array.from({ length: count }, () => (width === 4 ? reader.u32() : reader.u16()));
  if (asns.includes(0)) throw new MalformedAttribute("AS 0");
  return { type, asns };
}

function splitSequence(segment: AsPathSegment): AsPathSegment[] {
  if (segment.type === "set" || segment.type === "confedSet") return [segment];
  const { type, asns } = segment;
  const count = Math.ceil(asns.length / MAX_ASNS);
  return Array.from({ length: count }, (_, i) => ({
    type,
    asns: asns.slice(i * MAX_ASNS, (i + 1) * MAX_ASNS),
  }));
}

const formatSegment = ({ type, asns }: AsPathSegment): string => {
  const texts: Record<SegmentType, () => string> = {
    sequence: () => asns.join(" "),
    set: () => `{${asns.join(",")}}`,
    confedSequence: () => `(${asns.join(" ")})`,
    confedSet: () => `[${asns.join(",")}]`,
  };
  return texts[type]();
};
