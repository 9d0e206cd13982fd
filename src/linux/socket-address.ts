import { type Address, addressOctets, type Family, formatAddress } from "../net/address.ts";

/** An IPv6 socket address; the scope of a link-local one is the index of an interface, 0 for none. */
export interface SocketAddress {
  readonly address: Address;
  readonly port: number;
  readonly scopeId: number;
}

export const AF_INET6 = 10;

/** AF_INET and AF_INET6, as rtnetlink(7) has them. */
export const addressFamily: Readonly<Record<Family, number>> = { 4: 2, 6: AF_INET6 };

/** Octets of a `struct sockaddr_in6` (ipv6(7)). */
export const SOCKADDR_IN6_LENGTH = 28;

/** A `struct sockaddr_in6`: the port is in network order, family and scope in the host's. */
export function encodeSockaddr({ address, port, scopeId }: SocketAddress): Uint8Array {
  const octets = new Uint8Array(SOCKADDR_IN6_LENGTH);
  const view = new DataView(octets.buffer);
  view.setUint16(0, AF_INET6, true);
  view.setUint16(2, port);
  octets.set(addressOctets(address), 8);
  view.setUint32(24, scopeId, true);
  return octets;
}

/** @returns undefined if the octets are no `struct sockaddr_in6` */
export function decodeSockaddr(octets: Uint8Array): SocketAddress | undefined {
  if (octets.length < SOCKADDR_IN6_LENGTH) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  if (view.getUint16(0, true) !== AF_INET6) return undefined;
  return {
    address: formatAddress(octets.subarray(8, 24)),
    port: view.getUint16(2),
    scopeId: view.getUint32(24, true),
  };
}
