import type { Duplex } from "node:stream";
import { connectTo } from "../../bgp/control/connect.ts";
import type { Clock } from "../../std/clock.ts";
import type { Answer, Ongoing } from "./agent.ts";

/** Before a socket that is not there yet is tried again. */
const retryMs = 20;

/** How long a speaker that is starting may take to listen. */
const patienceMs = 1000;

/** Passes text to and from a Unix socket, and tells how that ended. */
export class SocketRelay implements Ongoing {
  readonly #path: string;
  readonly #answer: Answer;
  readonly #clock: Clock;
  readonly #deadline: number;
  #socket: Duplex | undefined;
  #retry: Disposable | undefined;

  constructor(path: string, answer: Answer, clock: Clock) {
    this.#path = path;
    this.#answer = answer;
    this.#clock = clock;
    this.#deadline = clock.now() + patienceMs;
    this.#connect();
  }

  write(text: string): void {
    this.#socket?.write(text);
  }

  [Symbol.dispose](): void {
    this.#retry?.[Symbol.dispose]();
    this.#socket?.removeAllListeners("close").destroy();
  }

  #connect(): void {
    const socket = connectTo(this.#path).setEncoding("utf8");
    this.#socket = socket;
    let error: NodeJS.ErrnoException | undefined;
    socket.once("connect", () => this.#answer({ type: "done" }));
    socket.on("data", (text: string) => this.#answer({ type: "text", text }));
    socket.once("error", (cause) => {
      error = cause;
    });
    socket.once("close", () => {
      if (error?.syscall !== "connect" || this.#clock.now() > this.#deadline)
        return this.#answer({ type: "ended", code: error?.code });
      this.#retry = this.#clock.after(retryMs, () => this.#connect());
    });
  }
}
