import koffi from "koffi";
import { SystemError } from "./system-error.ts";

/**
 * The system calls that Node has no door to, as in their man pages. Negative results are errors: see {@link check}.
 *
 * glibc only: musl has no `libc.so.6`. Structures are laid out by hand for little-endian 64-bit Linux (x64, arm64).
 */
const library = koffi.load("libc.so.6");

type Fd = number;
type Pointer = Uint8Array;

function declare<Call extends (...args: never[]) => number>(prototype: string): Call {
  return library.func(prototype) as unknown as Call;
}

/** A call that may also run in a thread of libuv's pool. */
type Threaded<Call extends (...args: never[]) => number> = Call & {
  async(...args: [...Parameters<Call>, (error: unknown, result: number) => void]): void;
};

export const libc = {
  setns: declare<(fd: Fd, type: number) => number>("int setns(int fd, int type)"),
  unshare: declare<(flags: number) => number>("int unshare(int flags)"),
  mount: declare<(source: string, target: string, fs: string | null, flags: number, data: null) => number>(
    "int mount(const char *source, const char *target, const char *fs, unsigned long flags, void *data)",
  ),
  umount2: declare<(target: string, flags: number) => number>("int umount2(const char *target, int flags)"),
  prctl: declare<(option: number, value: number) => number>("int prctl(int option, unsigned long value)"),
  pipe2: declare<(ends: Pointer, flags: number) => number>("int pipe2(void *ends, int flags)"),
  dup2: declare<(from: Fd, to: Fd) => number>("int dup2(int from, int to)"),
  flock: declare<(fd: Fd, operation: number) => number>("int flock(int fd, int operation)"),

  socket: declare<(family: number, type: number, protocol: number) => number>(
    "int socket(int family, int type, int protocol)",
  ),
  bind: declare<(fd: Fd, address: Pointer, length: number) => number>(
    "int bind(int fd, const void *address, uint32_t length)",
  ),
  connect: declare<(fd: Fd, address: Pointer, length: number) => number>(
    "int connect(int fd, const void *address, uint32_t length)",
  ),
  listen: declare<(fd: Fd, backlog: number) => number>("int listen(int fd, int backlog)"),
  accept4: declare<(fd: Fd, address: Pointer, length: Pointer, flags: number) => number>(
    "int accept4(int fd, void *address, void *length, int flags)",
  ),
  setsockopt: declare<(fd: Fd, level: number, name: number, value: Pointer, length: number) => number>(
    "int setsockopt(int fd, int level, int name, const void *value, uint32_t length)",
  ),
  getsockopt: declare<(fd: Fd, level: number, name: number, value: Pointer, length: Pointer) => number>(
    "int getsockopt(int fd, int level, int name, void *value, void *length)",
  ),
  getsockname: declare<(fd: Fd, address: Pointer, length: Pointer) => number>(
    "int getsockname(int fd, void *address, void *length)",
  ),
  sendto: declare<
    (fd: Fd, octets: Pointer, length: number, flags: number, to: Pointer, toLength: number) => number
  >("long sendto(int fd, const void *octets, size_t length, int flags, const void *to, uint32_t toLength)"),
  recv: declare<(fd: Fd, octets: Pointer, length: number, flags: number) => number>(
    "long recv(int fd, void *octets, size_t length, int flags)",
  ),
  recvmsg: declare<(fd: Fd, message: Pointer, flags: number) => number>(
    "long recvmsg(int fd, void *message, int flags)",
  ),

  epollCreate: declare<(flags: number) => number>("int epoll_create1(int flags)"),
  epollControl: declare<(epoll: Fd, operation: number, fd: Fd, event: Pointer) => number>(
    "int epoll_ctl(int epoll, int operation, int fd, void *event)",
  ),
  epollWait: declare<Threaded<(epoll: Fd, events: Pointer, most: number, timeoutMs: number) => number>>(
    "int epoll_wait(int epoll, void *events, int most, int timeout)",
  ),
  eventfd: declare<(initial: number, flags: number) => number>(
    "int eventfd(unsigned int initial, int flags)",
  ),
};

/** The error number that the last call left. Read it at once: any call may change it. */
export function lastErrno(): number {
  return koffi.errno();
}

/** Where octets are in memory, for pointers inside structures. Keep the array alive for as long as the kernel may look. */
export function addressOf(octets: Uint8Array): bigint {
  return koffi.address(octets);
}

/** The call's result. @throws {SystemError} naming the call and its object if it is negative */
export function check(result: number, call: string, object: string): number {
  if (result >= 0) return result;
  throw new SystemError({ call, object, errno: lastErrno() });
}
