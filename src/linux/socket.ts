import { EPERM } from "./errno.ts";
import { FileDescriptor } from "./file-descriptor.ts";
import { check, lastErrno, libc } from "./libc.ts";
import { inNetns } from "./netns.ts";

// sys/socket.h
export const SOCK_STREAM = 1;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0x800;
export const SOCK_CLOEXEC = 0x8_0000;

// asm-generic/socket.h
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_ERROR = 4;
const SO_RCVBUF = 8;
export const SO_LINGER = 13;
export const SO_REUSEPORT = 15;
export const SO_ATTACH_FILTER = 26;
export const SO_RCVBUFFORCE = 33;
export const SO_BINDTOIFINDEX = 62;

export interface SocketSpec {
  /** Path of the namespace that the socket belongs to for all its life; null for the thread's own. */
  readonly netns: string | null;
  readonly family: number;
  readonly type: number;
  readonly protocol: number;
}

/** A socket option: its level, its name, and an int or a structure. */
export type SocketOption = readonly [level: number, name: number, value: number | Uint8Array];

/** A socket with its options set: non-blocking, closed on exec. @throws {SystemError}, with nothing left open */
export function createSocket(spec: SocketSpec, options: readonly SocketOption[]): FileDescriptor {
  const where = `in ${spec.netns ?? "this namespace"}`;
  const type = spec.type | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const open = () => check(libc.socket(spec.family, type, spec.protocol), "socket", where);
  const socket = new FileDescriptor(inNetns(spec.netns, open));
  try {
    for (const option of options) setSocketOption(socket.fd, option);
  } catch (error) {
    socket[Symbol.dispose]();
    throw error;
  }
  return socket;
}

/** @throws {SystemError} */
export function setSocketOption(fd: number, [level, name, value]: SocketOption): void {
  const octets = typeof value === "number" ? int(value) : value;
  const result = libc.setsockopt(fd, level, name, octets, octets.length);
  // Only the machine's own root may go beyond its limit (`net.core.rmem_max`), which will do.
  const isBeyond = result < 0 && name === SO_RCVBUFFORCE && level === SOL_SOCKET && lastErrno() === EPERM;
  if (isBeyond) return setSocketOption(fd, [level, SO_RCVBUF, value]);
  check(result, "setsockopt", `${level}.${name} of fd ${fd}`);
}

/** The value of an option that is a C `int`. @throws {SystemError} */
export function socketOption(fd: number, level: number, name: number): number {
  const value = int(0);
  check(
    libc.getsockopt(fd, level, name, value, int(value.length)),
    "getsockopt",
    `${level}.${name} of fd ${fd}`,
  );
  return new DataView(value.buffer).getInt32(0, true);
}

/** A C `int`. */
export function int(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}
