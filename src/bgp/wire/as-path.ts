import { AS_TRANS } from "../../net/asn.ts";
import { type ByteWriter, u16At, u32At } from "../../std/bytes.ts";
import type { AttributeField } from "./attribute.ts";
import { isLong, readLongSequence } from "./long-sequence.ts";
import type { AsPathSegment } from "./message.ts";

/** Octets of an ASN in AS_PATH and AGGREGATOR: 4 once both ends said so (RFC 6793). */
export type AsnWidth = 2 | 4;

/** Where AS numbers are in a message. */
type Span = Pick<AttributeField, "octets" | "start" | "end">;

type SegmentType = AsPathSegment["type"];

const segmentCodes: Record<SegmentType, number> = { set: 1, sequence: 2, confedSequence: 3, confedSet: 4 };
const segmentTypes: readonly (SegmentType | undefined)[] = [
  undefined,
  "set",
  "sequence",
  "confedSequence",
  "confedSet",
];
const MAX_ASNS = 255;

/** @returns what is malformed, in words, as RFC 7606 §7.2 and RFC 7607 §2 define it */
export function decodeAsPath(
  { octets, start, end }: AttributeField,
  width: AsnWidth,
): AsPathSegment[] | string {
  let segments: AsPathSegment[] | undefined;
  for (let at = start; at < end; ) {
    const code = octets[at] ?? 0;
    const type = segmentTypes[code];
    if (type === undefined) return `segment type ${code}`;
    if (at + 2 > end) return "the last segment ends early";
    const count = octets[at + 1] ?? 0;
    if (count === 0) return "segment without an AS number";
    at += 2;
    if (at + count * width > end) return "the last segment ends early";
    const field = { octets, start: at, end: at + count * width };
    const segment =
      isLong(type, count) && width === 4 ? readLongSequence(field) : readSegment(field, type, width);
    if (segment === undefined) return "AS 0";
    at = field.end;
    // An array that grows from none has room for 17; most paths have one segment, and there are many paths.
    if (segments) segments.push(segment);
    else segments = [segment];
  }
  return segments ?? [];
}

/** The AS numbers of a segment. @returns undefined if AS 0 is among them */
function readSegment(
  { octets, start, end }: Span,
  type: SegmentType,
  width: AsnWidth,
): AsPathSegment | undefined {
  const asns = new Array<number>((end - start) / width);
  for (let index = 0, at = start; at < end; index++, at += width) {
    const asn = width === 4 ? u32At(octets, at) : u16At(octets, at);
    if (asn === 0) return undefined;
    asns[index] = asn;
  }
  return { type, asns };
}

/** Octets that {@link writeAsPath} takes. */
export function asPathLength(segments: readonly AsPathSegment[], width: AsnWidth): number {
  let length = 0;
  for (const { asns } of segments) length += 2 * Math.ceil(asns.length / MAX_ASNS) + asns.length * width;
  return length;
}

/**
 * Where ASNs have two octets, those that do not fit become {@link AS_TRANS}. Long sequences take several segments.
 *
 * @throws {RangeError} for a set of more than 255 ASNs, which no two sets can stand for
 */
export function writeAsPath(writer: ByteWriter, segments: readonly AsPathSegment[], width: AsnWidth): void {
  for (const { type, asns } of segments) {
    const isSet = type === "set" || type === "confedSet";
    if (isSet && asns.length > MAX_ASNS) throw new RangeError(`a set of ${asns.length} AS numbers`);
    for (let from = 0; from < asns.length; from += MAX_ASNS) {
      const to = Math.min(from + MAX_ASNS, asns.length);
      writer.u8(segmentCodes[type]).u8(to - from);
      if (width === 4) writer.u32s(asns, from, to);
      else for (let index = from; index < to; index++) writeAsn(writer, asns[index] ?? 0, width);
    }
  }
}

/** In two octets, an ASN that does not fit becomes {@link AS_TRANS}. */
export function writeAsn(writer: ByteWriter, asn: number, width: AsnWidth): void {
  if (width === 4) writer.u32(asn);
  else writer.u16(asn > 0xffff ? AS_TRANS : asn);
}

/** Whether the segment stays inside a confederation of ASes (RFC 5065 §3). */
export function isConfederation({ type }: AsPathSegment): boolean {
  return type === "confedSequence" || type === "confedSet";
}

/** As in `show ip bgp`: sets in braces, confederation segments in parentheses and brackets. */
export function formatAsPath(segments: readonly AsPathSegment[]): string {
  return segments.map(formatSegment).join(" ");
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
