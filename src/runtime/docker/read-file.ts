import type { Clock } from "../../std/clock.ts";
import { FileMissingError } from "../errors.ts";
import type { Engine } from "./engine.ts";
import { EngineError } from "./errors.ts";
import { readFrames } from "./frames.ts";
import { exitCodeOf, startProgram } from "./program.ts";

/** The text of a file in a container in parts, and with `follow` what is added to it, until the container is gone. @throws {FileMissingError} */
export async function* readFileInside(
  engine: Engine,
  { container, path }: { container: string; path: string },
  { follow, clock, signal }: { follow: boolean; clock: Clock; signal: AbortSignal },
): AsyncGenerator<string> {
  signal.throwIfAborted();
  const command = ["tail", "-c", "+1", ...(follow ? ["-f"] : []), path] as const;
  const { stream, exec } = await startProgram(engine, { container, command });
  const abort = () => stream.destroy(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const decoder = new TextDecoder();
  let complaint = "";
  try {
    stream.end();
    for await (const { type, octets } of readFrames(stream)) {
      if (type === "stdout") yield decoder.decode(octets, { stream: true });
      else complaint += Buffer.from(octets).toString();
    }
    if (complaint === "" || (await exitCodeOf(exec, clock)) === 0) return;
  } finally {
    signal.removeEventListener("abort", abort);
    stream.destroy();
  }
  if (complaint.includes("No such file")) throw new FileMissingError(path, complaint);
  throw new EngineError(`read ${path} in ${container}`, complaint);
}
