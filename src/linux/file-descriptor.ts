import { closeSync, constants, openSync } from "node:fs";
import { SystemError } from "./system-error.ts";

/** An open file that is closed once, however often it is disposed of. */
export class FileDescriptor implements Disposable {
  readonly fd: number;
  #open = true;

  constructor(fd: number) {
    this.fd = fd;
  }

  /** Opens a file for reading (Node adds O_CLOEXEC). @throws {SystemError} */
  static open(path: string, flags = 0): FileDescriptor {
    try {
      return new FileDescriptor(openSync(path, constants.O_RDONLY | flags));
    } catch (error) {
      throw fromNode("open", path, error);
    }
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.fd);
  }
}

/** What Node's `fs` threw, as a {@link SystemError}; anything else as it is. */
export function fromNode(call: string, object: string, thrown: unknown): unknown {
  const errno = thrown instanceof Error && "errno" in thrown ? thrown.errno : undefined;
  return typeof errno === "number" ? new SystemError({ call, object, errno: -errno }) : thrown;
}
