import { type FileHandle, open } from "node:fs/promises";
import { type Clock, pause } from "../../std/clock.ts";
import { FileMissingError } from "../errors.ts";

/** Between two looks at a file that is followed. */
const followMs = 100;

/** The text of a file in parts, and with `follow` what is added to it, until it is gone. @throws {FileMissingError} */
export async function* readText(
  path: string,
  { follow, clock, signal }: { follow: boolean; clock: Clock; signal: AbortSignal },
): AsyncGenerator<string> {
  await using file = await openFile(path);
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead > 0) yield decoder.decode(buffer.subarray(0, bytesRead), { stream: true });
    else if (!follow || (await file.stat()).nlink === 0) return;
    else await pause(clock, followMs, signal);
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") throw new FileMissingError(path, cause);
    throw cause;
  }
}
