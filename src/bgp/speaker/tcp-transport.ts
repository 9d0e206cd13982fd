import { Socket } from "node:net";
import { SystemError } from "../../linux/system-error.ts";
import { localName, peerName, resetOnClose } from "../../linux/tcp.ts";
import type { Clock } from "../../std/clock.ts";
import type { SocketName, Transport, TransportListener } from "./host.ts";

/** How long a closed connection may take to get its last octets out, a NOTIFICATION most of all. */
const LINGER_MS = 1000;

/** What Node reads at once if there is so much. */
const FULL_CHUNK = 65_536;

/** Why a dial is given up; one for all, since a new one takes a stack trace each. */
const closing = new Error("the connection was closed");

/** Opens a connection; resolves to its descriptor. */
type Dial = (signal: AbortSignal) => Promise<number>;

/** A TCP connection. Node is never asked for addresses: it would look up zones in the wrong namespace. */
export class TcpTransport implements Transport {
  readonly peer: SocketName;
  readonly #clock: Clock;
  readonly #dialing = new AbortController();
  #socket: Socket | undefined;
  #local: SocketName | undefined;
  #listener: TransportListener | undefined;
  #error = "the peer closed the connection";

  private constructor(peer: SocketName, clock: Clock) {
    this.peer = peer;
    this.#clock = clock;
  }

  /** A connection that a listener accepted. @throws {SystemError} ENOTCONN if it has already gone */
  static accepted(socket: Socket, clock: Clock): TcpTransport {
    const { address, scopeId, port } = peerName(fileDescriptor(socket));
    const transport = new TcpTransport({ address, ifindex: scopeId, port }, clock);
    transport.#adopt(socket);
    return transport;
  }

  /** A connection that is being opened. */
  static dial(peer: SocketName, clock: Clock, dial: Dial): TcpTransport {
    const transport = new TcpTransport(peer, clock);
    void transport.#dial(dial);
    return transport;
  }

  get local(): SocketName | undefined {
    return this.#local;
  }

  get unsent(): number {
    return this.#socket?.writableLength ?? 0;
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

  /** Node would read on for a while before it looks at anything else, timers among it. */
  #take(socket: Socket, octets: Uint8Array): void {
    this.#listener?.received(octets);
    if (octets.length < FULL_CHUNK || this.#listener === undefined) return;
    socket.pause();
    this.#clock.after(0, () => socket.resume());
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
    socket.on("close", () => this.#listener?.closed(this.#error));
  }
}

/** The descriptor under a connected socket. Node has no public way to it. */
function fileDescriptor(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { _handle: { fd: number } | null };
  return handle?.fd ?? -1;
}
