import { closeSync, openSync, writeSync } from "node:fs";

const STANDARD_OUTPUT = 1;

/** A file that log lines are appended to, all of one turn of the event loop at once. */
export class LogFile implements Disposable {
  readonly #fd: number;
  #pending = "";
  // What a crash interrupts is what one wants to read most.
  readonly #flushAtExit = () => this.#flush();

  /** @param path standard output if null */
  constructor(path: string | null) {
    this.#fd = path === null ? STANDARD_OUTPUT : openSync(path, "a", 0o644);
    process.on("exit", this.#flushAtExit);
  }

  write(line: string): void {
    if (this.#pending === "") queueMicrotask(() => this.#flush());
    this.#pending += line;
  }

  [Symbol.dispose](): void {
    this.#flush();
    process.off("exit", this.#flushAtExit);
    if (this.#fd !== STANDARD_OUTPUT) closeSync(this.#fd);
  }

  #flush(): void {
    const text = this.#pending;
    this.#pending = "";
    if (text !== "") writeSync(this.#fd, text);
  }
}
