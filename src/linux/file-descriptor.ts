import { closeSync, constants, openSync } from "node:fs";
import { check, libc } from "./libc.ts";
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

/** Makes a descriptor, such as one of a standard stream, mean another file from now on (dup2(2)), and closes the other's own. */
export function replaceFile(fd: number, { by }: { by: FileDescriptor }): void {
  using _ = by;
  check(libc.dup2(by.fd, fd), "dup2", `file ${fd}`);
}

/** What Node's `fs` threw, as a {@link SystemError}; anything else as it is. */
export function fromNode(call: string, object: string, thrown: unknown): unknown {
  const errno = thrown instanceof Error && "errno" in thrown ? thrown.errno : undefined;
  return typeof errno === "number" ? new SystemError({ call, object, errno: -errno }) : thrown;
}
