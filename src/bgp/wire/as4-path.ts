import { AS_TRANS } from "../../net/asn.ts";
import { isConfederation } from "./as-path.ts";
import type { AttributeValues } from "./decoded-values.ts";
import type { AsPathSegment } from "./message.ts";

/** Puts AS4_PATH and AS4_AGGREGATOR of a two-octet peer in the place of what they stand for (RFC 6793 §4.2.3). */
export function mergeFourOctetAttributes(values: AttributeValues): void {
  const { asPath, aggregator, as4Path, as4Aggregator } = values;
  // A two-octet speaker aggregated after the last four-octet one, and did not know what it left in place.
  if (as4Aggregator && aggregator && aggregator.asn !== AS_TRANS) return;
  if (asPath && as4Path) values.asPath = mergeAs4Path(asPath, as4Path);
  if (aggregator && as4Aggregator) values.aggregator = as4Aggregator;
}

/** The leading part of AS_PATH, as far as it is longer, then AS4_PATH; one that is longer than AS_PATH is ignored. */
function mergeAs4Path(
  asPath: readonly AsPathSegment[],
  as4Path: readonly AsPathSegment[],
): readonly AsPathSegment[] {
  // Confederation segments have no place in AS4_PATH and are dropped from it (RFC 6793 §6).
  const tail = as4Path.filter((segment) => !isConfederation(segment));
  const missing = pathLength(asPath) - pathLength(tail);
  return missing < 0 ? asPath : join(leadingPart(asPath, missing), tail);
}

/** The AS4_PATH that must go along with a two-octet AS_PATH; undefined if all ASNs fit there (RFC 6793 §4.2.2). */
export function as4PathFor(asPath: readonly AsPathSegment[]): readonly AsPathSegment[] | undefined {
  const outside = asPath.filter((segment) => !isConfederation(segment));
  return outside.some(({ asns }) => asns.some((asn) => asn > 0xffff)) ? outside : undefined;
}

/** A set counts as one, a confederation segment as none (RFC 4271 §9.1.2.2, RFC 5065 §5.3). */
function pathLength(segments: readonly AsPathSegment[]): number {
  return segments.reduce((sum, segment) => sum + segmentLength(segment), 0);
}

function segmentLength(segment: AsPathSegment): number {
  if (isConfederation(segment)) return 0;
  return segment.type === "set" ? 1 : segment.asns.length;
}

/** The first `length` ASNs or sets, with the confederation segments before and between them. */
function leadingPart(segments: readonly AsPathSegment[], length: number): AsPathSegment[] {
  const taken: AsPathSegment[] = [];
  let left = length;
  for (const segment of segments) {
    const wanted = Math.min(left, segmentLength(segment));
    if (wanted === 0 && !isConfederation(segment)) break;
    taken.push(segment.type === "sequence" ? { ...segment, asns: segment.asns.slice(0, wanted) } : segment);
    left -= wanted;
  }
  return taken;
}

/** Heals the cut that the two attributes made through one sequence. */
function join(head: readonly AsPathSegment[], tail: readonly AsPathSegment[]): AsPathSegment[] {
  const [last, first] = [head.at(-1), tail[0]];
  if (last?.type !== "sequence" || first?.type !== "sequence") return [...head, ...tail];
  return [...head.slice(0, -1), { type: "sequence", asns: [...last.asns, ...first.asns] }, ...tail.slice(1)];
}
