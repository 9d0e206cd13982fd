import { Socket } from "node:net";
import { SystemError } from "../../linux/system-error.ts";
import { localName, peerName, resetOnClose } from "../../linux/tcp.ts";
import type { Clock } from "../../std/clock.ts";
import type { SocketName, Transport, TransportListener } from "./host.ts";
import type { Turns } from "./turns.ts";

/** How long a closed connection may take to get its last octets out, a NOTIFICATION most of all. */
const LINGER_MS = 1000;

/** Why a dial is given up; one for all, since a new one takes a stack trace each. */
const closing = new Error("the connection was closed");

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
  readonly #unread: Uint8Array[] = [];
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

  /** A connection that a listener accepted. @throws {SystemError} ENOTCONN if it has already gone */
  static accepted(socket: Socket, time: Time): TcpTransport {
    const { address, scopeId, port } = peerName(fileDescriptor(socket));
    const transport = new TcpTransport({ address, ifindex: scopeId, port }, time);
    transport.#adopt(socket);
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
    return this.#unread.length > 0;
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
    this.#unread.length = 0;
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

  /** Each in its turn; nothing more is read until what was read is done with. */
  #take(socket: Socket, octets: Uint8Array): void {
    if (this.#listener === undefined) return;
    this.#unread.push(octets);
    if (this.#unread.length === 1) this.#turns.read(this.#work);
    if (this.isUnread) socket.pause();
  }

  #give(): boolean {
    const octets = this.#unread.shift();
    if (octets) this.#listener?.received(octets);
    if (!this.isUnread && this.#socket?.isPaused()) this.#socket.resume();
    return this.isUnread;
  }

  #closed(): void {
    this.#turns.delete(this.#work);
    // The last words of a peer that has gone by now.
    while (this.#give());
    this.#listener?.closed(this.#error);
  }

  async #dial(dial: Dial): Promise<void> {
    try {
      const fd = await dial(this.#dialing.signal);
      const socket = new Socket({ fd, readable: true, writable: true });
      if (this.#dialing.signal.aborted) return void socket.destroy();
      this.#adopt(socket);
      this.#listener?.connected();
    } catch (error) {
      if (this.#dialing.signal.aborted) return;
      if (!(error instanceof SystemError)) throw error;
      this.#listener?.closed(`${error.call}: ${error.errnoName}`);
    }
  }

  #adopt(socket: Socket): void {
    const { address, scopeId, port } = localName(fileDescriptor(socket));
    this.#local = { address, ifindex: scopeId, port };
    this.#socket = socket;
    socket.on("data", (octets) => this.#take(socket, octets));
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.#error = `${error.syscall ?? "socket"}: ${error.code ?? error.message}`;
    });
    socket.on("close", () => this.#closed());
  }
}

/** The descriptor under a connected socket. Node has no public way to it. */
function fileDescriptor(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { _handle: { fd: number } | null };
  return handle?.fd ?? -1;
}
