import type { AsPathSegment } from "../wire/message.ts";

/** An AS path with an ASN at its front, so many times (RFC 4271 §5.1.2). */
export function prepend(path: readonly AsPathSegment[], asn: number, times = 1): readonly AsPathSegment[] {
  const own = new Array<number>(times).fill(asn);
  const [first, ...rest] = path;
  return first?.type === "sequence"
    ? [{ type: "sequence", asns: [...own, ...first.asns] }, ...rest]
    : [{ type: "sequence", asns: own }, ...path];
}
