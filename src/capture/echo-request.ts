import { type Address, formatAddress } from "../net/address.ts";
import { equal, load8, load16, take } from "./filter.ts";

/** An ICMP or ICMPv6 echo request (RFC 792, RFC 4443 §4.1) as it was on a link. */
export interface EchoRequest {
  readonly source: Address;
  readonly target: Address;
  /** Each router that passes it on takes one away. */
  readonly hopLimit: number;
}

// Ethernet types, protocol numbers, and the types of echo requests
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const ICMP = 1;
const ICMPV6 = 58;
const ECHO = 8;
const ECHO_V6 = 128;

const ETHERNET_HEADER = 14;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;

/** The request in an Ethernet frame; undefined if it has none, or extension headers in the way. */
export function decodeEchoRequest(frame: Uint8Array): EchoRequest | undefined {
  const type = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0);
  const packet = frame.subarray(ETHERNET_HEADER);
  if (type === IPV6) return decodeIpv6(packet);
  return type === IPV4 ? decodeIpv4(packet) : undefined;
}

/** RFC 8200 §3 */
function decodeIpv6(packet: Uint8Array): EchoRequest | undefined {
  if (packet.length <= IPV6_HEADER || packet[6] !== ICMPV6 || packet[IPV6_HEADER] !== ECHO_V6)
    return undefined;
  const [source, target] = [formatAddress(packet.subarray(8, 24)), formatAddress(packet.subarray(24, 40))];
  return { source, target, hopLimit: packet[7] ?? 0 };
}

/** RFC 791 §3.1 */
function decodeIpv4(packet: Uint8Array): EchoRequest | undefined {
  const headerLength = ((packet[0] ?? 0) & 0x0f) * 4;
  if (headerLength < IPV4_HEADER || packet[9] !== ICMP || packet[headerLength] !== ECHO) return undefined;
  const [source, target] = [formatAddress(packet.subarray(12, 16)), formatAddress(packet.subarray(16, 20))];
  return { source, target, hopLimit: packet[8] ?? 0 };
}

/** The kernel's program that lets nothing through but these. */
export const echoRequestFilter = [
  load16(12),
  equal(IPV6, 0, 4),
  load8(ETHERNET_HEADER + 6),
  equal(ICMPV6, 0, 8),
  load8(ETHERNET_HEADER + IPV6_HEADER),
  equal(ECHO_V6, 5, 6),
  equal(IPV4, 0, 5),
  load8(ETHERNET_HEADER + 9),
  equal(ICMP, 0, 3),
  load8(ETHERNET_HEADER + IPV4_HEADER),
  equal(ECHO, 0, 1),
  take(0xffff),
  take(0),
] as const;
