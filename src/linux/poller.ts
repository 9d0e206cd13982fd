import { readSync, writeSync } from "node:fs";
import { FileDescriptor } from "./file-descriptor.ts";
import { check, libc } from "./libc.ts";

// sys/epoll.h, sys/eventfd.h; EPOLL_CLOEXEC and EFD_CLOEXEC are both O_CLOEXEC.
const CLOEXEC = 0x8_0000;
const EFD_NONBLOCK = 0x800;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 0x1;
const EPOLLOUT = 0x4;

/** How many descriptors one wait may report; others have their turn in the next. */
const MOST_EVENTS = 1024;
const NO_TIMEOUT = -1;

/** `struct epoll_event` is packed on x64 only (epoll_event(3type)). */
const DATA_AT = process.arch === "x64" ? 4 : 8;
const EVENT_LENGTH = DATA_AT + 8;

interface Watch {
  readonly onReady: () => void;
}

/**
 * Calls back when a descriptor that Node cannot watch by itself (netlink, raw sockets) is ready.
 *
 * One thread of libuv's pool waits in epoll_wait(2) while anything is watched; then, and only then, it keeps the process alive.
 * Level-triggered: a callback that does nothing about it is called again. Every one has its turn.
 */
export class Poller implements Disposable {
  readonly #epoll = new FileDescriptor(check(libc.epollCreate(CLOEXEC), "epoll_create1", "a poller"));
  readonly #alarm = new FileDescriptor(check(libc.eventfd(0, CLOEXEC | EFD_NONBLOCK), "eventfd", "a poller"));
  readonly #events = new Uint8Array(MOST_EVENTS * EVENT_LENGTH);
  readonly #watches = new Map<number, Watch>();
  #waiting = false;
  #disposed = false;

  // Node joins its threads before it exits, also after an uncaught error: a waiting one would keep it forever.
  readonly #wakeAtExit = () => this.#wake();

  constructor() {
    this.#control(EPOLL_CTL_ADD, this.#alarm.fd, EPOLLIN);
    process.on("exit", this.#wakeAtExit);
  }

  /**
   * Calls back whenever there is something to read, or an error, until the result is disposed of: before the descriptor is closed.
   *
   * @throws {SystemError}
   */
  watch(fd: number, onReadable: () => void): Disposable {
    return this.#watch(fd, EPOLLIN, onReadable);
  }

  /** The same, whenever there is room to write, which for a connecting socket means that it is decided. @throws {SystemError} */
  watchWritable(fd: number, onWritable: () => void): Disposable {
    return this.#watch(fd, EPOLLOUT, onWritable);
  }

  /** Stops watching. Safe to repeat. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#watches.clear();
    process.off("exit", this.#wakeAtExit);
    if (this.#waiting) this.#wake();
    else this.#close();
  }

  #watch(fd: number, events: number, onReady: () => void): Disposable {
    if (this.#disposed) throw new Error("the poller is disposed of");
    if (this.#watches.has(fd)) throw new Error(`fd ${fd} is watched already`);
    this.#control(EPOLL_CTL_ADD, fd, events);
    const watch: Watch = { onReady };
    this.#watches.set(fd, watch);
    this.#wait();
    return { [Symbol.dispose]: () => this.#unwatch(fd, watch) };
  }

  #unwatch(fd: number, watch: Watch): void {
    if (this.#watches.get(fd) !== watch) return;
    this.#watches.delete(fd);
    this.#control(EPOLL_CTL_DEL, fd, 0);
    if (this.#watches.size === 0) this.#wake();
  }

  #wait(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    libc.epollWait.async(this.#epoll.fd, this.#events, MOST_EVENTS, NO_TIMEOUT, (_error, count) => {
      this.#report(Math.max(0, count)); // negative is EINTR: the descriptors are all ours
    });
  }

  #report(count: number): void {
    try {
      for (const fd of this.#ready(count)) {
        if (fd === this.#alarm.fd) readSync(fd, new Uint8Array(8));
        else this.#watches.get(fd)?.onReady();
      }
    } finally {
      this.#waiting = false;
      if (this.#disposed) this.#close();
      else if (this.#watches.size > 0) this.#wait();
    }
  }

  #ready(count: number): number[] {
    const view = new DataView(this.#events.buffer);
    return Array.from({ length: count }, (_, at) => view.getInt32(at * EVENT_LENGTH + DATA_AT, true));
  }

  #control(operation: number, fd: number, events: number): void {
    const event = new Uint8Array(EVENT_LENGTH);
    const view = new DataView(event.buffer);
    view.setUint32(0, events, true);
    view.setInt32(DATA_AT, fd, true);
    check(libc.epollControl(this.#epoll.fd, operation, fd, event), "epoll_ctl", `fd ${fd}`);
  }

  #wake(): void {
    writeSync(this.#alarm.fd, new Uint8Array(BigUint64Array.of(1n).buffer));
  }

  #close(): void {
    this.#alarm[Symbol.dispose]();
    this.#epoll[Symbol.dispose]();
  }
}
