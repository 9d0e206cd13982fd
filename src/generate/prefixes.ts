import { requireSize } from "./errors.ts";

/** As many as the last octet of a router's block can count. */
const mostPrefixes = 255;

/**
 * What a router originates: its block of 256 addresses whole, or so many single addresses of it.
 *
 * @param block its first three octets, with the number of a range in braces: `10.0.{n}`
 */
export function prefixesOf(block: string, count: number): readonly string[] | undefined {
  requireSize("prefixes", count, { least: 0, most: mostPrefixes });
  if (count === 0) return undefined;
  if (count === 1) return [`${block}.0/24`];
  return Array.from({ length: count }, (_, index) => `${block}.${index + 1}/32`);
}

/** The block of the router with the number `n`, of which there are so many. */
export function blockOf(most: number): string {
  return most < 256 ? "10.0.{n}" : "10.{n / 256}.{n % 256}";
}
