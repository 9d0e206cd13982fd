import { type Address, addressOctets } from "../net/address.ts";
import type { FileDescriptor } from "./file-descriptor.ts";
import { check, libc } from "./libc.ts";
import { ALL_NODES, ALL_ROUTERS } from "./multicast.ts";
import { type Datagram, DatagramReceiver } from "./recvmsg.ts";
import { createSocket, int, SOCK_RAW, type SocketOption, setSocketOption } from "./socket.ts";
import { AF_INET6, encodeSockaddr } from "./socket-address.ts";

/** An ICMPv6 message that arrived. */
export interface Icmp6Packet {
  readonly ifindex: number;
  readonly from: Address;
  readonly hopLimit: number;
  /** From the type octet on. */
  readonly packet: Uint8Array;
}

// linux/in6.h, linux/icmpv6.h
const IPPROTO_ICMPV6 = 58;
const ICMPV6_FILTER = 1;
const IPPROTO_IPV6 = 41;
const IPV6_UNICAST_HOPS = 16;
const IPV6_MULTICAST_HOPS = 18;
const IPV6_MULTICAST_LOOP = 19;
const IPV6_JOIN_GROUP = 20;
const IPV6_LEAVE_GROUP = 21;
const IPV6_RECVPKTINFO = 49;
const IPV6_PKTINFO = 50;
const IPV6_RECVHOPLIMIT = 51;
const IPV6_HOPLIMIT = 52;

/** The longest message we look at; what router discovery needs is far shorter. */
const MOST_OCTETS = 2048;

const OPTIONS: readonly SocketOption[] = [
  [IPPROTO_ICMPV6, ICMPV6_FILTER, passing(133, 134)],
  [IPPROTO_IPV6, IPV6_UNICAST_HOPS, 255],
  [IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 255],
  [IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0],
  [IPPROTO_IPV6, IPV6_RECVPKTINFO, 1],
  [IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1],
];

/** Router discovery on all interfaces of one namespace: a raw socket that lets nothing but RS and RA through. */
export class Icmp6Socket implements Disposable {
  readonly #socket: FileDescriptor;
  readonly #receiver = new DatagramReceiver(MOST_OCTETS);

  private constructor(socket: FileDescriptor) {
    this.#socket = socket;
  }

  /** @throws {SystemError} EPERM without CAP_NET_RAW */
  static open(netns: string | null): Icmp6Socket {
    const spec = { netns, family: AF_INET6, type: SOCK_RAW, protocol: IPPROTO_ICMPV6 };
    return new Icmp6Socket(createSocket(spec, OPTIONS));
  }

  /** For a {@link Poller}; it stays ours. */
  get fd(): number {
    return this.#socket.fd;
  }

  /** Listens to all nodes and all routers on an interface. @throws {SystemError} EADDRINUSE if it does already */
  join(ifindex: number): void {
    for (const group of [ALL_NODES, ALL_ROUTERS]) this.#membership(IPV6_JOIN_GROUP, group, ifindex);
  }

  /** Undoes {@link join}; an interface that is deleted leaves by itself. @throws {SystemError} */
  leave(ifindex: number): void {
    for (const group of [ALL_NODES, ALL_ROUTERS]) this.#membership(IPV6_LEAVE_GROUP, group, ifindex);
  }

  /** Sends a message, whose checksum the kernel fills in. @throws {SystemError} e.g. EADDRNOTAVAIL, ENETDOWN */
  send({ ifindex, to, packet }: { ifindex: number; to: Address; packet: Uint8Array }): void {
    const sockaddr = encodeSockaddr({ address: to, port: 0, scopeId: ifindex });
    const sent = libc.sendto(this.fd, packet, packet.length, 0, sockaddr, sockaddr.length);
    check(sent, "sendto", `${to}%${ifindex}`);
  }

  /** All messages that wait. @throws {SystemError} */
  receive(): Icmp6Packet[] {
    const packets: Icmp6Packet[] = [];
    for (;;) {
      const datagram = this.#receiver.receive(this.fd);
      if (!datagram) return packets;
      const packet = readPacket(datagram);
      if (packet) packets.push(packet);
    }
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }

  #membership(option: number, group: Address, ifindex: number): void {
    const request = Uint8Array.of(...addressOctets(group), ...int(ifindex));
    setSocketOption(this.fd, [IPPROTO_IPV6, option, request]);
  }
}

function readPacket({ octets, from, control }: Datagram): Icmp6Packet | undefined {
  const find = (type: number) =>
    control.find((message) => message.level === IPPROTO_IPV6 && message.type === type)?.data;
  const info = find(IPV6_PKTINFO);
  const hops = find(IPV6_HOPLIMIT);
  if (!from || !info || !hops) return undefined;
  return { ifindex: readInt(info, 16), from: from.address, hopLimit: readInt(hops, 0), packet: octets };
}

function readInt(octets: Uint8Array, at: number): number {
  return new DataView(octets.buffer, octets.byteOffset, octets.length).getInt32(at, true);
}

/** A `struct icmp6_filter`: one bit a type, set where it is blocked (RFC 3542 §3.2). */
function passing(...types: number[]): Uint8Array {
  const blocked = new Uint32Array(8).fill(0xffff_ffff);
  for (const type of types) blocked[type >>> 5] = (blocked[type >>> 5] ?? 0) & ~(1 << (type & 31));
  return new Uint8Array(blocked.buffer);
}
