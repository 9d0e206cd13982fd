import { EAGAIN } from "./errno.ts";
import type { FileDescriptor } from "./file-descriptor.ts";
import { addressOf, check, lastErrno, libc } from "./libc.ts";
import { createSocket, SO_RCVBUFFORCE, SOCK_RAW, SOL_SOCKET, setSocketOption } from "./socket.ts";

// sys/socket.h, linux/if_ether.h
const AF_PACKET = 17;
const ETH_P_ALL = 0x0003;

// asm-generic/socket.h
const SO_ATTACH_FILTER = 26;

/** Octets of a `struct sockaddr_ll` (packet(7)). */
const SOCKADDR_LL_LENGTH = 20;

/** Octets of kernel memory for frames that wait to be read. */
const RECEIVE_BUFFER = 16 << 20;

/** A veth carries segments of up to 64 KiB that nobody has cut yet, and their headers. */
const buffer = new Uint8Array(128 << 10);

interface PacketSocketOptions {
  readonly netns: string | null;
  readonly ifindex: number;
  readonly filter: readonly Instruction[];
}

/** A `struct sock_filter` (linux/filter.h). */
interface Instruction {
  readonly code: number;
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly value: number;
}

/** Sees all frames that one interface sends and receives (packet(7)). */
export class PacketSocket implements Disposable {
  readonly #socket: FileDescriptor;

  private constructor(socket: FileDescriptor) {
    this.#socket = socket;
  }

  /** Sees them from now on, or those that a filter lets through if it is not empty. @throws {SystemError} */
  static open({ netns, ifindex, filter }: PacketSocketOptions): PacketSocket {
    // Without a protocol it sees nothing until it is bound: no frame of another interface slips in.
    const spec = { netns, family: AF_PACKET, type: SOCK_RAW, protocol: 0 };
    const socket = createSocket(spec, [[SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER]]);
    const address = new Uint8Array(SOCKADDR_LL_LENGTH);
    const view = new DataView(address.buffer);
    view.setUint16(0, AF_PACKET, true);
    view.setUint16(2, ETH_P_ALL);
    view.setInt32(4, ifindex, true);
    try {
      if (filter.length > 0) attach(socket.fd, filter);
      check(libc.bind(socket.fd, address, address.length), "bind", `to interface ${ifindex}`);
    } catch (error) {
      socket[Symbol.dispose]();
      throw error;
    }
    return new PacketSocket(socket);
  }

  /** For a {@link Poller}; it stays ours. */
  get fd(): number {
    return this.#socket.fd;
  }

  /** A copy of the next frame, from its Ethernet header on; undefined if none waits. @throws {SystemError} ENETDOWN */
  receive(): Uint8Array | undefined {
    const length = libc.recv(this.fd, buffer, buffer.length, 0);
    if (length < 0 && lastErrno() === EAGAIN) return undefined;
    return buffer.slice(0, check(length, "recv", "frames"));
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }
}

function attach(fd: number, filter: readonly Instruction[]): void {
  const instructions = new Uint8Array(8 * filter.length);
  const view = new DataView(instructions.buffer);
  for (const [index, { code, ifTrue, ifFalse, value }] of filter.entries()) {
    view.setUint16(8 * index, code, true);
    view.setUint8(8 * index + 2, ifTrue);
    view.setUint8(8 * index + 3, ifFalse);
    view.setUint32(8 * index + 4, value, true);
  }
  const program = new Uint8Array(16);
  const header = new DataView(program.buffer);
  header.setUint16(0, filter.length, true);
  header.setBigUint64(8, addressOf(instructions), true);
  setSocketOption(fd, [SOL_SOCKET, SO_ATTACH_FILTER, program]);
}
