/** The last of the AS numbers for private use in two octets (RFC 6996 §5). */
const lastTwoOctetAsn = 65_534;

/** An AS number for private use, round, with so many more behind it: in two octets if they fit (RFC 7938 §5.2.2). */
export function firstAsn(more: number): number {
  const first = 65_000;
  return first + more <= lastTwoOctetAsn ? first : 4_200_000_000;
}
