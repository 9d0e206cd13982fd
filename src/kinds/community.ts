/** A community as all programs read it (RFC 1997): `64512:100`. */
export function formatCommunity(value: number): string {
  return `${value >>> 16}:${value & 0xffff}`;
}
