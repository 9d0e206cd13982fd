import type { Address } from "../net/address.ts";
import type { SocketOption } from "./socket.ts";
import { encodeSockaddr } from "./socket-address.ts";

/** What a TCP socket demands of every segment, from the first one on. */
export interface TcpGuard {
  /** Key of the TCP-MD5 signature (RFC 2385), 1 to 80 octets in UTF-8; null for none, and then none is taken. */
  readonly md5Key: string | null;
  /** The smallest hop limit taken, 1 to 255 (RFC 5082); null for any. */
  readonly minHopLimit: number | null;
}

// linux/in6.h, linux/tcp.h
const IPPROTO_TCP = 6;
const IPPROTO_IPV6 = 41;
const IPV6_MINHOPCOUNT = 73;
const TCP_MD5SIG_EXT = 32;
const TCP_MD5SIG_FLAG_PREFIX = 1;

/** `struct tcp_md5sig`: a sockaddr_storage, flags, prefix length, key length, an ifindex, and the key. */
const MD5SIG_LENGTH = 216;
const FLAGS_AT = 128;
const PREFIX_LENGTH_AT = 129;
const KEY_LENGTH_AT = 130;
const KEY_AT = 136;

/** Octets of the longest key (TCP_MD5SIG_MAXKEYLEN). */
const LONGEST_KEY = 80;

/** Socket options that put a guard in force; a listener hands it on to its connections. @throws {RangeError} for an impossible key */
export function guardOptions({ md5Key, minHopLimit }: TcpGuard): SocketOption[] {
  return [
    ...(md5Key === null ? [] : [[IPPROTO_TCP, TCP_MD5SIG_EXT, md5Signature(md5Key)] as const]),
    ...(minHopLimit === null ? [] : [[IPPROTO_IPV6, IPV6_MINHOPCOUNT, minHopLimit] as const]),
  ];
}

/**
 * The key for every link-local peer: it is set before the peer's address is known.
 *
 * Not with TCP_MD5SIG_FLAG_IFINDEX: the kernel takes only a VRF's ifindex there. A socket is bound to its interface instead.
 */
function md5Signature(key: string): Uint8Array {
  const octets = new TextEncoder().encode(key);
  if (octets.length === 0 || octets.length > LONGEST_KEY) {
    throw new RangeError(`a TCP-MD5 key has 1 to ${LONGEST_KEY} octets, not ${octets.length}`);
  }
  const signature = new Uint8Array(MD5SIG_LENGTH);
  signature.set(encodeSockaddr({ address: "fe80::" as Address, port: 0, scopeId: 0 }));
  signature[FLAGS_AT] = TCP_MD5SIG_FLAG_PREFIX;
  signature[PREFIX_LENGTH_AT] = 10;
  new DataView(signature.buffer).setUint16(KEY_LENGTH_AT, octets.length, true);
  signature.set(octets, KEY_AT);
  return signature;
}
