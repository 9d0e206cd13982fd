import type { Address } from "../net/address.ts";
import { EAGAIN, ECONNABORTED, EINPROGRESS } from "./errno.ts";
import type { FileDescriptor } from "./file-descriptor.ts";
import { check, lastErrno, libc } from "./libc.ts";
import type { Poller } from "./poller.ts";
import {
  createSocket,
  int,
  SO_BINDTOIFINDEX,
  SO_ERROR,
  SO_LINGER,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  type SocketOption,
  setSocketOption,
  socketOption,
} from "./socket.ts";
import {
  AF_INET6,
  decodeSockaddr,
  encodeSockaddr,
  SOCKADDR_IN6_LENGTH,
  type SocketAddress,
} from "./socket-address.ts";
import { SystemError } from "./system-error.ts";
import { guardOptions, type TcpGuard } from "./tcp-guard.ts";

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

const LISTENER_OPTIONS: readonly SocketOption[] = [
  [SOL_SOCKET, SO_REUSEADDR, 1],
  [IPPROTO_IPV6, IPV6_V6ONLY, 1],
];

/** Where to listen, and how many connections the kernel keeps until they are accepted. */
export interface ListenOptions {
  readonly netns: string | null;
  readonly port: number;
  readonly backlog: number;
}

/**
 * A TCP socket listening on `[::]` of a namespace, IPv6 only.
 *
 * @throws {SystemError} EADDRINUSE if the port is taken there
 */
export function listenTcp(options: ListenOptions): number {
  const socket = tcp(options.netns, LISTENER_OPTIONS);
  return closedOnError(socket, () => bindAndListen(socket.fd, options));
}

/**
 * A socket that listens beside one of {@link listenTcp}'s, and has the connections of one interface instead of it.
 *
 * @param on `beside` is that other listener; an interface that does not exist has no connections
 * @throws {SystemError}
 */
export function listenTcpOn(
  on: { ifindex: number; guard: TcpGuard; beside: number },
  options: ListenOptions,
): number {
  const own: SocketOption[] = [[SOL_SOCKET, SO_BINDTOIFINDEX, on.ifindex], ...guardOptions(on.guard)];
  const socket = tcp(options.netns, [...LISTENER_OPTIONS, ...own]);
  return closedOnError(socket, () => {
    for (const fd of [on.beside, socket.fd]) setSocketOption(fd, [SOL_SOCKET, SO_REUSEPORT, 1]);
    bindAndListen(socket.fd, options);
  });
}

function bindAndListen(fd: number, { netns, port, backlog }: ListenOptions): void {
  const object = `[::]:${port} in ${netns ?? "this namespace"}`;
  const address = encodeSockaddr({ address: "::" as Address, port, scopeId: 0 });
  check(libc.bind(fd, address, address.length), "bind", object);
  check(libc.listen(fd, backlog), "listen", object);
}

function closedOnError(socket: FileDescriptor, work: () => void): number {
  try {
    work();
    return socket.fd;
  } catch (error) {
    socket[Symbol.dispose]();
    throw error;
  }
}

/** A connection that came in: its socket, non-blocking, and who is at the other end. */
export interface AcceptedTcp {
  readonly fd: number;
  readonly peer: SocketAddress;
}

/**
 * The next connection that waits at a listener; undefined if none does.
 *
 * @throws {SystemError} e.g. EMFILE: it still waits
 */
export function acceptTcp(listener: number): AcceptedTcp | undefined {
  const address = new Uint8Array(SOCKADDR_IN6_LENGTH);
  const fd = libc.accept4(listener, address, int(address.length), SOCK_NONBLOCK | SOCK_CLOEXEC);
  // One that went as fast as it came is none.
  if (fd < 0 && [EAGAIN, ECONNABORTED].includes(lastErrno())) return undefined;
  check(fd, "accept", `fd ${listener}`);
  return { fd, peer: socketAddress(address, fd) };
}

/**
 * Connects to a link-local address over one interface; gives the connected socket, for `new net.Socket({ fd, … })`,
 * which then owns it.
 *
 * Not by Node's own `connect`: given a link-local address, libuv adds the scope of some interface of the thread's own
 * namespace, and takes `%7` for a name that it looks up there.
 * @throws {SystemError} e.g. ECONNREFUSED, EHOSTUNREACH, or the signal's reason; the socket is closed then
 */
export async function dialTcp(
  to: { netns: string | null; ifindex: number; address: Address; port: number; guard?: TcpGuard },
  { poller, signal }: { poller: Poller; signal: AbortSignal },
): Promise<number> {
  signal.throwIfAborted();
  const object = `[${to.address}%${to.ifindex}]:${to.port}`;
  const socket = tcp(to.netns, [
    [SOL_SOCKET, SO_BINDTOIFINDEX, to.ifindex],
    ...(to.guard ? guardOptions(to.guard) : []),
  ]);
  try {
    const sockaddr = encodeSockaddr({ address: to.address, port: to.port, scopeId: to.ifindex });
    const connected = libc.connect(socket.fd, sockaddr, sockaddr.length);
    if (connected < 0 && lastErrno() !== EINPROGRESS) check(connected, "connect", object);
    await writable(socket.fd, poller, signal);
    const errno = socketOption(socket.fd, SOL_SOCKET, SO_ERROR);
    if (errno !== 0) throw new SystemError({ call: "connect", object, errno });
    return socket.fd;
  } catch (error) {
    socket[Symbol.dispose]();
    throw error;
  }
}

/**
 * The address of our end of a connection, or of a listener. Node's own `localAddress` appends a scope name, which it looks
 * up in the wrong namespace, and throws if there is none. @throws {SystemError}
 */
export function localName(fd: number): SocketAddress {
  const octets = new Uint8Array(SOCKADDR_IN6_LENGTH);
  check(libc.getsockname(fd, octets, int(octets.length)), "getsockname", `fd ${fd}`);
  return socketAddress(octets, fd);
}

/**
 * Lets the kernel forget a connection as soon as its socket is closed, and tell the peer by a reset.
 *
 * Otherwise it goes on for minutes to send what is left to a peer that cannot be reached, and keeps the namespace for it.
 * @throws {SystemError}
 */
export function resetOnClose(fd: number): void {
  const linger = Uint8Array.of(...int(1), ...int(0)); // a struct linger: on, for no time
  setSocketOption(fd, [SOL_SOCKET, SO_LINGER, linger]);
}

function socketAddress(octets: Uint8Array, fd: number): SocketAddress {
  const address = decodeSockaddr(octets);
  if (!address) throw new TypeError(`fd ${fd} is not an IPv6 socket`);
  return address;
}

function tcp(netns: string | null, options: readonly SocketOption[]): FileDescriptor {
  const spec = { netns, family: AF_INET6, type: SOCK_STREAM, protocol: IPPROTO_TCP };
  return createSocket(spec, [...BGP_OPTIONS, ...options]);
}

function writable(fd: number, poller: Poller, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      watch[Symbol.dispose]();
      signal.removeEventListener("abort", abort);
    };
    const abort = () => {
      stop();
      reject(signal.reason);
    };
    const watch = poller.watchWritable(fd, () => {
      stop();
      resolve();
    });
    signal.addEventListener("abort", abort);
  });
}
