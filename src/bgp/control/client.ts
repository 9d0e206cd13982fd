import { connect } from "node:net";
import { LabError } from "../../std/errors.ts";
import { linesOf } from "./lines.ts";
import type { Request } from "./server.ts";
import type { Status, StatusEvent } from "./status.ts";

/** A speaker cannot be asked: it has ended, or never came up. */
export class ControlError extends LabError {
  readonly code = "SPEAKER_UNREACHABLE";
}

/** What a speaker knows now. @throws {ControlError} */
export async function readStatus(path: string, signal: AbortSignal): Promise<Status> {
  for await (const event of ask(path, { type: "status" }, signal)) {
    if (event.type === "status") return event;
  }
  throw new ControlError(`the speaker at ${path} ended before it answered`);
}

/** First a `status`, then each change, until the speaker ends or the signal aborts. @throws {ControlError} */
export function watchStatus(path: string, signal: AbortSignal): AsyncIterable<StatusEvent> {
  return ask(path, { type: "watch" }, signal);
}

async function* ask(path: string, request: Request, signal: AbortSignal): AsyncGenerator<StatusEvent> {
  signal.throwIfAborted();
  const socket = connect(path).setEncoding("utf8");
  const abort = () => socket.destroy(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    for await (const line of linesOf(socket)) yield JSON.parse(line);
  } catch (cause) {
    signal.throwIfAborted();
    const { code = "no answer" } = cause as NodeJS.ErrnoException;
    throw new ControlError(`the speaker at ${path} cannot be asked: ${code}`, { cause });
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}
