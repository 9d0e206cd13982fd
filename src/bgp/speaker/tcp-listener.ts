import { FileDescriptor } from "../../linux/file-descriptor.ts";
import type { Poller } from "../../linux/poller.ts";
import { SystemError } from "../../linux/system-error.ts";
import { type AcceptedTcp, acceptTcp } from "../../linux/tcp.ts";
import type { Clock } from "../../std/clock.ts";

/** For how long nothing is accepted once the machine has no room for it, such as no descriptor. */
const RESPITE_MS = 100;

interface ListenerContext {
  readonly poller: Poller;
  readonly clock: Clock;
  /** Owns the connection from then on. */
  readonly onConnection: (connection: AcceptedTcp) => void;
}

/**
 * Accepts what comes to a listening socket, which it owns.
 *
 * Not a `net.Server`: that makes its sockets itself, each of which takes 64 KiB of memory anew for every read.
 */
export class TcpListener implements Disposable {
  readonly #socket: FileDescriptor;
  readonly #context: ListenerContext;
  /** Until connections come in, or until they may again. */
  #waiting: Disposable | undefined;

  constructor(fd: number, context: ListenerContext) {
    this.#socket = new FileDescriptor(fd);
    this.#context = context;
    this.#watch();
  }

  get fd(): number {
    return this.#socket.fd;
  }

  /** Closes the socket, and lets those that are accepted live on. Safe to repeat. */
  [Symbol.dispose](): void {
    this.#waiting?.[Symbol.dispose]();
    this.#waiting = undefined;
    this.#socket[Symbol.dispose]();
  }

  #watch(): void {
    this.#waiting = this.#context.poller.watch(this.fd, () => this.#accept());
  }

  #accept(): void {
    for (;;) {
      const connection = this.#waiting && this.#next();
      if (!connection) return;
      this.#context.onConnection(connection);
    }
  }

  #next(): AcceptedTcp | undefined {
    try {
      return acceptTcp(this.fd);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      return void this.#rest();
    }
  }

  /** What comes meanwhile waits in the kernel. */
  #rest(): void {
    this.#waiting?.[Symbol.dispose]();
    this.#waiting = this.#context.clock.after(RESPITE_MS, () => this.#watch());
  }
}
