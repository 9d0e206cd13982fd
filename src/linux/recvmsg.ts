import { EAGAIN } from "./errno.ts";
import { addressOf, check, lastErrno, libc } from "./libc.ts";
import { decodeSockaddr, SOCKADDR_IN6_LENGTH, type SocketAddress } from "./socket-address.ts";

/** One datagram as recvmsg(2) gives it. */
export interface Datagram {
  /** A copy. */
  readonly octets: Uint8Array;
  readonly from: SocketAddress | undefined;
  readonly control: readonly ControlMessage[];
}

/** Ancillary data (cmsg(3)). */
interface ControlMessage {
  readonly level: number;
  readonly type: number;
  readonly data: Uint8Array;
}

const CONTROL_LENGTH = 256;
const CMSG_HEADER = 16;

/** Memory for recvmsg(2), made once: a `struct msghdr` whose pointers lead to the arrays beside it. */
export class DatagramReceiver {
  readonly #octets: Uint8Array;
  readonly #name = new Uint8Array(SOCKADDR_IN6_LENGTH);
  readonly #control = new Uint8Array(CONTROL_LENGTH);
  readonly #vector = new Uint8Array(16);
  readonly #header = new Uint8Array(56);

  /** @param most octets of the longest datagram; what is longer is cut */
  constructor(most: number) {
    this.#octets = new Uint8Array(most);
    const vector = new DataView(this.#vector.buffer);
    vector.setBigUint64(0, addressOf(this.#octets), true);
    vector.setBigUint64(8, BigInt(most), true);
    const header = new DataView(this.#header.buffer);
    header.setBigUint64(0, addressOf(this.#name), true);
    header.setBigUint64(16, addressOf(this.#vector), true);
    header.setBigUint64(24, 1n, true);
    header.setBigUint64(32, addressOf(this.#control), true);
  }

  /** The next datagram of a non-blocking socket, or undefined if none waits. @throws {SystemError} */
  receive(fd: number): Datagram | undefined {
    const header = new DataView(this.#header.buffer);
    header.setUint32(8, this.#name.length, true);
    header.setBigUint64(40, BigInt(this.#control.length), true);
    const length = libc.recvmsg(fd, this.#header, 0);
    if (length < 0 && lastErrno() === EAGAIN) return undefined;
    check(length, "recvmsg", `fd ${fd}`);
    return {
      octets: this.#octets.slice(0, length),
      from: decodeSockaddr(this.#name.subarray(0, header.getUint32(8, true))),
      control: readControl(this.#control.slice(0, Number(header.getBigUint64(40, true)))),
    };
  }
}

/** The messages of a control buffer, each aligned to eight octets; a malformed one ends the list. */
export function readControl(octets: Uint8Array): ControlMessage[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const messages: ControlMessage[] = [];
  for (let at = 0; at + CMSG_HEADER <= octets.length; ) {
    const length = Number(view.getBigUint64(at, true));
    if (length < CMSG_HEADER || at + length > octets.length) break;
    messages.push({
      level: view.getInt32(at + 8, true),
      type: view.getInt32(at + 12, true),
      data: octets.subarray(at + CMSG_HEADER, at + length),
    });
    at += Math.ceil(length / 8) * 8;
  }
  return messages;
}
