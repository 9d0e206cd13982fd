import { type Address, addressOctets, formatAddress, isLinkLocal } from "../../net/address.ts";
import type { NextHop } from "./message.ts";

/**
 * Reads a next hop of 4, 16 or 32 octets (RFC 4271 §5.1.3, RFC 2545 §3, RFC 8950 §3).
 *
 * Speakers send 32 octets as global + link-local, link-local twice, or `::` + link-local: all mean what they can.
 *
 * @returns undefined if no host can have such an address (RFC 4271 §6.3)
 */
export function decodeNextHop(octets: Uint8Array): NextHop | undefined {
  if (octets.length < 32) return fromAddresses([octets]);
  return fromAddresses([octets.subarray(0, 16), octets.subarray(16)]);
}

/** A lone link-local address is sent twice, as FRR does: every implementation accepts that form. */
export function encodeNextHop({ global, linkLocal }: NextHop): Uint8Array {
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
