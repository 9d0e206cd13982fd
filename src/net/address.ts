import { unreachable } from "../std/errors.ts";

/** Address family identifier: 4 and 6 as people say it; {@link afi} gives the number on the wire. */
export type Family = 4 | 6;

/** An IPv4 or IPv6 address in its canonical text (RFC 5952 for IPv6), without a zone. */
export type Address = string & { readonly __brand: "Address" };

/** Dotted-quad BGP identifier, e.g. `"0.0.0.1"` (RFC 6286). */
export type RouterId = string & { readonly __brand: "RouterId" };

/** IANA address family number. */
export function afi(family: Family): number {
  switch (family) {
    case 4:
      return 1;
    case 6:
      return 2;
    default:
      return unreachable(family);
  }
}

/** The address in canonical form, or undefined if `text` is none. Zones (`%eth0`) are not part of an address. */
export function parseAddress(text: string): Address | undefined {
  const octets = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  return octets && formatAddress(octets);
}

/** @param octets 4 or 16 of them, in network order @throws {RangeError} on any other length */
export function formatAddress(octets: Uint8Array): Address {
  if (octets.length === 4) return octets.join(".") as Address;
  if (octets.length === 16) return formatIpv6(octets) as Address;
  throw new RangeError(`an address has 4 or 16 octets, not ${octets.length}`);
}

/** The 4 or 16 octets of an address, in network order. */
export function addressOctets(address: Address): Uint8Array {
  const octets = address.includes(":") ? parseIpv6(address) : parseIpv4(address);
  if (!octets) throw new RangeError(`"${address}" is not an address`);
  return octets;
}

export function familyOf(address: Address): Family {
  return address.includes(":") ? 6 : 4;
}

/** In fe80::/10 (RFC 4291 §2.5.6). */
export function isLinkLocal(address: Address): boolean {
  return /^fe[89ab][0-9a-f]:/.test(address);
}

/** @returns undefined if `text` is not a dotted quad, or is 0.0.0.0, which RFC 6286 §2.1 forbids */
export function parseRouterId(text: string): RouterId | undefined {
  const octets = parseIpv4(text);
  return octets?.some((octet) => octet !== 0) ? (octets.join(".") as RouterId) : undefined;
}

/** @param value 1..4294967295 */
export function routerIdFromNumber(value: number): RouterId {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join(".") as RouterId;
}

export function routerIdToNumber(id: RouterId): number {
  return id.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return Uint8Array.from(parts, Number);
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => parseGroups(half, index === halves.length - 1));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 16 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 2 : missing !== 0) return undefined;
  return Uint8Array.from([...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])]);
}

/** The octets of colon-separated groups; the last group of an address may be a dotted quad (RFC 4291 §2.2). */
function parseGroups(text: string, endsAddress: boolean): number[] | undefined {
  if (text === "") return [];
  const octets: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    const last = endsAddress && index === groups.length - 1;
    const quad = last && group.includes(".") ? parseIpv4(group) : undefined;
    if (quad) octets.push(...quad);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group)) octets.push(...u16(Number.parseInt(group, 16)));
    else return undefined;
  }
  return octets.length <= 16 ? octets : undefined;
}

const u16 = (value: number): [number, number] => [value >>> 8, value & 0xff];

/** Lower case, no leading zeros, the longest run of two or more zero groups as `::` (RFC 5952 §4). */
function formatIpv6(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => (octets[2 * i] ?? 0) * 256 + (octets[2 * i + 1] ?? 0));
  const run = longestZeroRun(groups);
  const text = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  if (run.length < 2) return text(groups);
  return `${text(groups.slice(0, run.start))}::${text(groups.slice(run.start + run.length))}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}
