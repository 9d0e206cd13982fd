import type { AsPathSegment } from "../wire/message.ts";

/**
 * An AS path without private ASNs (RFC 6996). That of the peer who is to be told stays: without it the peer would not
 * see that the route has been there.
 */
export function withoutPrivateAsns(
  path: readonly AsPathSegment[],
  peerAsn: number,
): readonly AsPathSegment[] {
  const isKept = (asn: number) => asn === peerAsn || !isPrivate(asn);
  return path
    .map(({ type, asns }) => ({ type, asns: asns.filter(isKept) }))
    .filter(({ asns }) => asns.length > 0);
}

function isPrivate(asn: number): boolean {
  return (asn >= 64512 && asn <= 65534) || (asn >= 4_200_000_000 && asn <= 4_294_967_294);
}
