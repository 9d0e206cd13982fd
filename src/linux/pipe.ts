import { FileDescriptor } from "./file-descriptor.ts";
import { check, libc } from "./libc.ts";

const O_CLOEXEC = 0x8_0000;

/**
 * A pipe (pipe(7)), closed on exec at both ends.
 *
 * What Node calls a pipe is a pair of sockets, which a child cannot open as /dev/stdin. @throws {SystemError}
 */
export function createPipe(): { readonly reader: FileDescriptor; readonly writer: FileDescriptor } {
  const ends = new Int32Array(2);
  check(libc.pipe2(new Uint8Array(ends.buffer), O_CLOEXEC), "pipe2", "a pipe");
  const [reader = -1, writer = -1] = ends;
  return { reader: new FileDescriptor(reader), writer: new FileDescriptor(writer) };
}
