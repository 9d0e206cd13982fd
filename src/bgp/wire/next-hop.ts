import { type Address, addressOctets, formatAddress, isLinkLocal } from "../../net/address.ts";
import type { NextHop } from "./message.ts";

/** What was read and written last: sessions say the same next hop again and again, and text is slow. */
let lastRead: { readonly octets: Uint8Array; readonly nextHop: NextHop | undefined } | undefined;
let lastWritten: { readonly octets: Uint8Array; readonly nextHop: NextHop } | undefined;

/**
 * Reads a next hop of 4, 16 or 32 octets (RFC 4271 §5.1.3, RFC 2545 §3, RFC 8950 §3).
 *
 * Speakers send 32 octets as global + link-local, link-local twice, or `::` + link-local: all mean what they can.
 *
 * @returns undefined if no host can have such an address (RFC 4271 §6.3); equal octets one after the other give the same object
 */
export function decodeNextHop(octets: Uint8Array, start: number, end: number): NextHop | undefined {
  if (lastRead === undefined || !stands(lastRead.octets, octets, start, end)) {
    const own = octets.slice(start, end);
    lastRead = { octets: own, nextHop: readNextHop(own) };
  }
  return lastRead.nextHop;
}

/** A lone link-local address is sent twice, as FRR does: every implementation accepts that form. The octets are not to be changed. */
export function encodeNextHop(nextHop: NextHop): Uint8Array {
  const { global, linkLocal } = nextHop;
  const last = lastWritten;
  if (last && last.nextHop.global === global && last.nextHop.linkLocal === linkLocal) return last.octets;
  const octets = writeNextHop(nextHop);
  lastWritten = { octets, nextHop };
  return octets;
}

function readNextHop(octets: Uint8Array): NextHop | undefined {
  if (octets.length < 32) return fromAddresses([octets]);
  return fromAddresses([octets.subarray(0, 16), octets.subarray(16)]);
}

function writeNextHop({ global, linkLocal }: NextHop): Uint8Array {
  const first = global ?? linkLocal;
  if (first === undefined) throw new RangeError("a next hop has at least one address");
  return Uint8Array.of(...addressOctets(first), ...(linkLocal ? addressOctets(linkLocal) : []));
}

function fromAddresses(parts: readonly Uint8Array[]): NextHop | undefined {
  const addresses = parts.map(formatAddress);
  const linkLocal = addresses.findLast(isLinkLocal);
  const [first] = addresses;
  const global = first !== undefined && isGlobal(first) ? first : undefined;
  if (first === undefined || (global === undefined && linkLocal === undefined)) return undefined;
  return { ...(global && { global }), ...(linkLocal && { linkLocal }) };
}

/** Not unspecified, loopback, multicast or link-local. */
function isGlobal(address: Address): boolean {
  const octets = addressOctets(address);
  const first = octets[0] ?? 0;
  if (octets.length === 4) return first !== 0 && first !== 127 && first < 224;
  return !isLinkLocal(address) && first !== 0xff && address !== "::" && address !== "::1";
}

/** Whether `part` is what stands there from `start` to `end`. */
function stands(part: Uint8Array, octets: Uint8Array, start: number, end: number): boolean {
  if (part.length !== end - start) return false;
  for (let at = 0; at < part.length; at++) if (part[at] !== octets[start + at]) return false;
  return true;
}
