import { EAGAIN } from "../errno.ts";
import type { FileDescriptor } from "../file-descriptor.ts";
import { check, lastErrno, libc } from "../libc.ts";
import { createSocket, int, SO_RCVBUFFORCE, SOCK_RAW, SOL_SOCKET, type SocketOption } from "../socket.ts";

// sys/socket.h, linux/netlink.h
export const AF_NETLINK = 16;
const NETLINK_ROUTE = 0;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const NETLINK_GET_STRICT_CHK = 12;

/** The kernel itself, as a `struct sockaddr_nl`. */
export const kernelAddress = Uint8Array.of(AF_NETLINK, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** Octets of kernel memory for what waits to be read. */
const RECEIVE_BUFFER = 4 << 20;

/** The kernel's dumps come in parts of at most 32 KiB (NLMSG_GOODSIZE and what it grows to). */
const MOST_OCTETS = 64 << 10;

const buffer = new Uint8Array(MOST_OCTETS);

/**
 * An rtnetlink socket of a namespace.
 *
 * @param groups bits of multicast groups to hear
 * @param options set before anything is heard
 * @throws {SystemError}
 */
export function netlinkSocket(
  netns: string | null,
  groups: number,
  options: readonly SocketOption[] = [],
): FileDescriptor {
  const spec = { netns, family: AF_NETLINK, type: SOCK_RAW, protocol: NETLINK_ROUTE };
  const socket = createSocket(spec, [
    [SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER],
    [SOL_NETLINK, NETLINK_CAP_ACK, 1],
    [SOL_NETLINK, NETLINK_EXT_ACK, 1],
    [SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1],
    ...options,
  ]);
  try {
    const address = new Uint8Array(12);
    const view = new DataView(address.buffer);
    view.setUint16(0, AF_NETLINK, true);
    view.setUint32(8, groups, true);
    check(libc.bind(socket.fd, address, address.length), "bind", `rtnetlink in ${netns ?? "this namespace"}`);
    return socket;
  } catch (error) {
    socket[Symbol.dispose]();
    throw error;
  }
}

/** A copy of the next datagram; undefined if none waits. @throws {SystemError} ENOBUFS once after some were lost */
export function receiveDatagram(fd: number): Uint8Array | undefined {
  const length = libc.recv(fd, buffer, buffer.length, 0);
  if (length < 0 && lastErrno() === EAGAIN) return undefined;
  return buffer.slice(0, check(length, "recv", "rtnetlink"));
}

/** The port that the kernel gave to a socket (netlink(7)). @throws {SystemError} */
export function portOf(fd: number): number {
  const address = new Uint8Array(12);
  check(libc.getsockname(fd, address, int(address.length)), "getsockname", "rtnetlink");
  return new DataView(address.buffer).getUint32(4, true);
}
