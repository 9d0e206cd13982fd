import { closeSync } from "node:fs";
import { Socket } from "node:net";
import { SystemError } from "../../linux/system-error.ts";
import { type AcceptedTcp, localName, resetOnClose } from "../../linux/tcp.ts";
import { viewOf } from "../../std/bytes.ts";
import type { Clock } from "../../std/clock.ts";
import type { SocketName, Transport, TransportListener } from "./host.ts";
import type { Turns } from "./turns.ts";

/** How long a closed connection may take to get its last octets out, a NOTIFICATION most of all. */
const LINGER_MS = 1000;

/** Why a dial is given up; one for all, since a new one takes a stack trace each. */
const closing = new Error("the connection was closed");

/** What arrives at any connection is read into here: Node would make as much memory anew for every read. */
const incoming = new Uint8Array(64 << 10);

/** Opens a connection; resolves to its descriptor. */
type Dial = (signal: AbortSignal) => Promise<number>;

interface Time {
  readonly clock: Clock;
  readonly turns: Turns;
}

/** A TCP connection. Node is never asked for addresses: it would look up zones in the wrong namespace. */
export class TcpTransport implements Transport {
  readonly peer: SocketName;
  readonly #clock: Clock;
  readonly #turns: Turns;
  /** What has arrived and not had its turn yet. */
  #unread: Uint8Array | undefined;
  readonly #work = () => this.#give();
  readonly #dialing = new AbortController();
  #socket: Socket | undefined;
  #local: SocketName | undefined;
  #listener: TransportListener | undefined;
  #error = "the peer closed the connection";

  private constructor(peer: SocketName, { clock, turns }: Time) {
    this.peer = peer;
    this.#clock = clock;
    this.#turns = turns;
  }

  /** A connection that a listener accepted. @param left called once it is closed for good */
  static accepted({ fd, peer }: AcceptedTcp, time: Time, left: () => void): TcpTransport {
    const { address, scopeId, port } = peer;
    const transport = new TcpTransport({ address, ifindex: scopeId, port }, time);
    transport.#adopt(fd).once("close", left);
    return transport;
  }

  /** A connection that is being opened. */
  static dial(peer: SocketName, time: Time, dial: Dial): TcpTransport {
    const transport = new TcpTransport(peer, time);
    void transport.#dial(dial);
    return transport;
  }

  get local(): SocketName | undefined {
    return this.#local;
  }

  get unsent(): number {
    return this.#socket?.writableLength ?? 0;
  }

  get isUnread(): boolean {
    return this.#unread !== undefined;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  send(octets: Uint8Array): void {
    if (!this.#socket?.writable) return;
    this.#gather(this.#socket);
    this.#socket.write(octets, (error) => {
      if (!error) this.#listener?.sent?.();
    });
  }

  close(): void {
    this.#listener = undefined;
    this.#turns.delete(this.#work);
    this.#unread = undefined;
    this.#dialing.abort(closing);
    const socket = this.#socket;
    if (!socket || socket.destroyed) return;
    // What still arrives is read and dropped: closing with unread octets would reset the connection, and the peer might
    // then never see our last message.
    socket.resume();
    socket.end();
    const timer = this.#clock.after(LINGER_MS, () => {
      resetOnClose(fileDescriptor(socket));
      socket.destroy();
    });
    socket.once("close", () => timer[Symbol.dispose]());
  }

  /** What is sent in one turn leaves in one write. */
  #gather(socket: Socket): void {
    if (socket.writableCorked > 0) return;
    socket.cork();
    queueMicrotask(() => socket.uncork());
  }

  /** At once if there is time. Else it is kept, and nothing more is read until it has had its turn. */
  #take(count: number): boolean {
    if (this.#listener === undefined) return true;
    this.#unread = viewOf(incoming, 0, count);
    this.#turns.read(this.#work);
    this.#unread &&= this.#unread.slice();
    return !this.isUnread;
  }

  #give(): boolean {
    const octets = this.#unread;
    this.#unread = undefined;
    if (octets) this.#listener?.received(octets);
    this.#socket?.resume();
    return false;
  }

  #closed(): void {
    this.#turns.delete(this.#work);
    // The last words of a peer that has gone by now.
    this.#give();
    this.#listener?.closed(this.#error);
  }

  async #dial(dial: Dial): Promise<void> {
    try {
      const fd = await dial(this.#dialing.signal);
      if (this.#dialing.signal.aborted) return closeSync(fd);
      this.#adopt(fd);
      this.#listener?.connected();
    } catch (error) {
      if (this.#dialing.signal.aborted) return;
      if (!(error instanceof SystemError)) throw error;
      this.#listener?.closed(`${error.call}: ${error.errnoName}`);
    }
  }

  #adopt(fd: number): Socket {
    const { address, scopeId, port } = localName(fd);
    this.#local = { address, ifindex: scopeId, port };
    const onread = { buffer: incoming, callback: (count: number) => this.#take(count) };
    const socket = new Socket({ fd, readable: true, writable: true, onread });
    this.#socket = socket;
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#error = `${error.syscall ?? "socket"}: ${error.code ?? error.message}`;
    });
    socket.on("close", () => this.#closed());
    return socket;
  }
}

/** The descriptor under a connected socket. Node has no public way to it. */
function fileDescriptor(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { _handle: { fd: number } | null };
  return handle?.fd ?? -1;
}
