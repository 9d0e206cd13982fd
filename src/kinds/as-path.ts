/** A segment of an AS path. */
export interface AsPathSegment {
  readonly set: boolean;
  readonly asns: readonly number[];
}

/** ASNs as in `show ip bgp`, sets in braces. */
export function formatAsPath(segments: readonly AsPathSegment[]): string {
  return segments.map(({ set, asns }) => (set ? `{${asns.join(",")}}` : asns.join(" "))).join(" ");
}
