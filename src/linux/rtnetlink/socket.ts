import { EAGAIN } from "../errno.ts";
import type { FileDescriptor } from "../file-descriptor.ts";
import { check, lastErrno, libc } from "../libc.ts";
import {
  createSocket,
  SO_RCVBUFFORCE,
  SOCK_RAW,
  SOL_SOCKET,
  type SocketOption,
  setSocketOption,
} from "../socket.ts";

// sys/socket.h, linux/netlink.h
export const AF_NETLINK = 16;
const NETLINK_ROUTE = 0;
const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
const NETLINK_ADD_MEMBERSHIP = 1;
const NETLINK_LISTEN_ALL_NSID = 8;
const NETLINK_GET_STRICT_CHK = 12;

/** The kernel itself, as a `struct sockaddr_nl`. */
export const kernelAddress = Uint8Array.of(AF_NETLINK, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** Octets of kernel memory for what waits to be read. */
const RECEIVE_BUFFER = 4 << 20;

/** The kernel's dumps come in parts of at most 32 KiB (NLMSG_GOODSIZE and what it grows to). */
export const MOST_OCTETS = 64 << 10;

/** Hears also of the namespaces for which the socket's own has a number, and says of which: as control data of that level and type. */
export const LISTEN_ALL_NETNS: SocketOption = [SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, 1];

export interface NetlinkSocketOptions {
  /** Bits of multicast groups to hear; none unless given. */
  readonly groups?: number;
  /** Set before anything is heard. */
  readonly options?: readonly SocketOption[];
  /** Which nobody else in the namespace has; the kernel gives one unless given. */
  readonly port?: number;
}

const buffer = new Uint8Array(MOST_OCTETS);

/**
 * An rtnetlink socket of a namespace.
 *
 * @throws {SystemError} e.g. EADDRINUSE if somebody has the port
 */
export function netlinkSocket(
  netns: string | null,
  { groups = 0, options = [], port = 0 }: NetlinkSocketOptions = {},
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
    view.setUint32(4, port, true);
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

/** Hears from now on of a multicast group, by its number. @throws {SystemError} */
export function joinGroup(fd: number, group: number): void {
  setSocketOption(fd, [SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group]);
}
