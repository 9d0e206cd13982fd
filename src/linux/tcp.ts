import type { Address } from "../net/address.ts";
import type { FileDescriptor } from "./file-descriptor.ts";
import { check, libc } from "./libc.ts";
import {
  createSocket,
  int,
  SO_BINDTOIFINDEX,
  SO_REUSEADDR,
  SOCK_STREAM,
  SOL_SOCKET,
  type SocketOption,
} from "./socket.ts";
import {
  AF_INET6,
  decodeSockaddr,
  encodeSockaddr,
  SOCKADDR_IN6_LENGTH,
  type SocketAddress,
} from "./socket-address.ts";

// linux/in6.h, linux/tcp.h
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const IPPROTO_IPV6 = 41;
const IPV6_UNICAST_HOPS = 16;
const IPV6_V6ONLY = 26;

/** Connections inherit these from their listener. A hop limit of 255 lets the peer check for neighbors (RFC 5082). */
const BGP_OPTIONS: readonly SocketOption[] = [
  [IPPROTO_TCP, TCP_NODELAY, 1],
  [IPPROTO_IPV6, IPV6_UNICAST_HOPS, 255],
];

/**
 * A TCP socket listening on `[::]` of a namespace, IPv6 only; for `net.createServer().listen({ fd })`, which then owns it.
 *
 * @throws {SystemError} EADDRINUSE if the port is taken there
 */
export function listenTcp(options: { netns: string | null; port: number; backlog: number }): number {
  const { netns, port, backlog } = options;
  const object = `[::]:${port} in ${netns ?? "this namespace"}`;
  const socket = tcp(netns, [
    [SOL_SOCKET, SO_REUSEADDR, 1],
    [IPPROTO_IPV6, IPV6_V6ONLY, 1],
  ]);
  try {
    const address = encodeSockaddr({ address: "::" as Address, port, scopeId: 0 });
    check(libc.bind(socket.fd, address, address.length), "bind", object);
    check(libc.listen(socket.fd, backlog), "listen", object);
  } catch (error) {
    socket[Symbol.dispose]();
    throw error;
  }
  return socket.fd;
}

/**
 * A TCP socket that can only speak over one interface, not connected yet; for `new net.Socket({ fd, … })`, which then owns it.
 *
 * Node must be told a numeric scope (`fe80::2%7`): it looks names up in the thread's own namespace.
 * @throws {SystemError}
 */
export function tcpSocket(options: { netns: string | null; ifindex: number }): number {
  return tcp(options.netns, [[SOL_SOCKET, SO_BINDTOIFINDEX, options.ifindex]]).fd;
}

/** Who is at the other end of a connection. @throws {SystemError} ENOTCONN if nobody is */
export function peerName(fd: number): SocketAddress {
  return name(fd, "getpeername");
}

/** The address of our end of a connection, or of a listener. @throws {SystemError} */
export function localName(fd: number): SocketAddress {
  return name(fd, "getsockname");
}

/** Node's own `remoteAddress` appends a scope name, which it looks up in the wrong namespace, and throws if there is none. */
function name(fd: number, call: "getpeername" | "getsockname"): SocketAddress {
  const octets = new Uint8Array(SOCKADDR_IN6_LENGTH);
  check(libc[call](fd, octets, int(octets.length)), call, `fd ${fd}`);
  const address = decodeSockaddr(octets);
  if (!address) throw new TypeError(`fd ${fd} is not an IPv6 socket`);
  return address;
}

function tcp(netns: string | null, options: readonly SocketOption[]): FileDescriptor {
  const spec = { netns, family: AF_INET6, type: SOCK_STREAM, protocol: IPPROTO_TCP };
  return createSocket(spec, [...BGP_OPTIONS, ...options]);
}
