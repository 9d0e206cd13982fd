import type { Readable, Writable } from "node:stream";
import { type Clock, pause } from "../../std/clock.ts";
import { connectTo } from "./connect.ts";

/** Before a socket that is not there yet is tried again. */
const retryMs = 20;

/** How long a speaker that is starting may take to listen. */
const patienceMs = 1000;

const never = new AbortController().signal;

/** Joins streams to a Unix socket until one of the two ends. @throws the error of the last try, if nobody listens */
export async function bridge(
  path: string,
  { input, output, clock }: { input: Readable; output: Writable; clock: Clock },
): Promise<void> {
  const deadline = clock.now() + patienceMs;
  for (;;) {
    try {
      return await join(path, { input, output });
    } catch (error) {
      const { syscall } = error as NodeJS.ErrnoException;
      if (syscall !== "connect" || clock.now() > deadline) throw error;
    }
    await pause(clock, retryMs, never);
  }
}

function join(path: string, { input, output }: { input: Readable; output: Writable }): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTo(path);
    socket.once("error", reject);
    socket.once("close", () => resolve());
    socket.once("connect", () => {
      input.pipe(socket);
      socket.pipe(output, { end: false });
    });
  });
}
