import { type Address, formatAddress } from "../net/address.ts";

/** A TCP segment (RFC 9293 §3.1) as it was on a link. */
export interface Segment {
  readonly from: SocketName;
  readonly to: SocketName;
  /** Of the first octet, or of the SYN. */
  readonly sequence: number;
  readonly syn: boolean;
  readonly ack: boolean;
  readonly fin: boolean;
  readonly rst: boolean;
  /** A view. */
  readonly payload: Uint8Array;
}

export interface SocketName {
  readonly address: Address;
  readonly port: number;
}

// Ethernet types, and TCP's protocol number
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const TCP = 6;

const ETHERNET_HEADER = 14;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const TCP_HEADER = 20;

const FIN = 0x01;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

/** The TCP segment in an Ethernet frame; undefined if it has none, or a fragment or an extension header in the way. */
export function decodeSegment(frame: Uint8Array): Segment | undefined {
  const packet = decodePacket(frame);
  if (!packet || packet.body.length < TCP_HEADER) return undefined;
  const { body } = packet;
  const view = viewOf(body);
  const headerLength = (view.getUint8(12) >> 4) * 4;
  if (headerLength < TCP_HEADER || headerLength > body.length) return undefined;
  const flags = view.getUint8(13);
  return {
    from: { address: packet.from, port: view.getUint16(0) },
    to: { address: packet.to, port: view.getUint16(2) },
    sequence: view.getUint32(4),
    syn: (flags & SYN) !== 0,
    ack: (flags & ACK) !== 0,
    fin: (flags & FIN) !== 0,
    rst: (flags & RST) !== 0,
    payload: body.subarray(headerLength),
  };
}

interface Packet {
  readonly from: Address;
  readonly to: Address;
  readonly body: Uint8Array;
}

function decodePacket(frame: Uint8Array): Packet | undefined {
  if (frame.length < ETHERNET_HEADER) return undefined;
  const type = viewOf(frame).getUint16(12);
  const octets = frame.subarray(ETHERNET_HEADER);
  if (type === IPV6) return decodeIpv6(octets);
  return type === IPV4 ? decodeIpv4(octets) : undefined;
}

/** RFC 8200 §3 */
function decodeIpv6(octets: Uint8Array): Packet | undefined {
  if (octets.length < IPV6_HEADER || octets[6] !== TCP) return undefined;
  const length = viewOf(octets).getUint16(4);
  return {
    from: formatAddress(octets.subarray(8, 24)),
    to: formatAddress(octets.subarray(24, 40)),
    // A segment that is longer than 65,535 octets, before the kernel cuts it, has no length here.
    body: length === 0 ? octets.subarray(IPV6_HEADER) : octets.subarray(IPV6_HEADER, IPV6_HEADER + length),
  };
}

/** RFC 791 §3.1 */
function decodeIpv4(octets: Uint8Array): Packet | undefined {
  if (octets.length < IPV4_HEADER || octets[9] !== TCP) return undefined;
  const view = viewOf(octets);
  const headerLength = (view.getUint8(0) & 0x0f) * 4;
  const isFragment = (view.getUint16(6) & 0x3fff) !== 0;
  if (headerLength < IPV4_HEADER || headerLength > octets.length || isFragment) return undefined;
  return {
    from: formatAddress(octets.subarray(12, 16)),
    to: formatAddress(octets.subarray(16, 20)),
    body: octets.subarray(headerLength, view.getUint16(2)),
  };
}

function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.length);
}
