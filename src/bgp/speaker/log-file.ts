import { closeSync, openSync, writeSync } from "node:fs";
import type { Clock } from "../../std/clock.ts";

const STANDARD_OUTPUT = 1;

/** A file that log lines are appended to, all of one turn of the event loop at once. */
export class LogFile implements Disposable {
  static readonly #open = new Set<LogFile>();
  readonly #fd: number;
  readonly #clock: Clock;
  #pending = "";

  /** @param path standard output if null */
  constructor(path: string | null, clock: Clock) {
    this.#clock = clock;
    this.#fd = path === null ? STANDARD_OUTPUT : openSync(path, "a", 0o644);
    // What a crash interrupts is what one wants to read most.
    if (LogFile.#open.size === 0) process.on("exit", LogFile.#flushAll);
    LogFile.#open.add(this);
  }

  write(line: string): void {
    if (this.#pending === "") this.#clock.after(0, () => this.#flush());
    this.#pending += line;
  }

  [Symbol.dispose](): void {
    this.#flush();
    LogFile.#open.delete(this);
    if (LogFile.#open.size === 0) process.off("exit", LogFile.#flushAll);
    if (this.#fd !== STANDARD_OUTPUT) closeSync(this.#fd);
  }

  static #flushAll(): void {
    for (const file of LogFile.#open) file.#flush();
  }

  /** Lines that cannot be written, as when the disk is full, are lost: they are not worth the sessions. */
  #flush(): void {
    const text = this.#pending;
    this.#pending = "";
    if (text === "") return;
    try {
      writeSync(this.#fd, text);
    } catch (error) {
      if (!(error instanceof Error && "errno" in error)) throw error;
    }
  }
}
