import type { Duplex } from "node:stream";
import type { Clock } from "../../std/clock.ts";
import type { Command } from "../runtime.ts";
import type { Engine } from "./engine.ts";
import { ProgramNotInImageError } from "./errors.ts";
import { readFrames } from "./frames.ts";
import { exitCodeOf, isMissing, type Program, startProgram } from "./program.ts";

/** What a program in a container is joined to. */
export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly errors: NodeJS.WriteStream;
}

interface Options {
  /** `NAME=value`: marks the program. */
  readonly env: readonly string[];
  readonly clock: Clock;
  /** Sends the program, which is not in our terminal, a signal. */
  readonly send: (signal: NodeJS.Signals) => void;
  readonly signal: AbortSignal;
  readonly ctrlC: AbortSignal;
}

/** Runs a program in a container with the standard streams of this process, and a terminal of its own if we have one. */
export async function execInside(
  engine: Engine,
  { container, command }: { container: string; command: Command },
  { terminal, env, clock, send, signal, ctrlC }: Options & { terminal: Terminal },
): Promise<number> {
  signal.throwIfAborted();
  const tty = terminal.input.isTTY && terminal.output.isTTY;
  const program = await startProgram(engine, { container, command }, { env, tty });
  const [end, pass] = [() => send("SIGTERM"), () => send("SIGINT")];
  signal.addEventListener("abort", end, { once: true });
  ctrlC.addEventListener("abort", pass, { once: true });
  using _ = joinInput(terminal, program, tty);
  try {
    const text = await (tty ? passRaw(program.stream, terminal) : passFrames(program.stream, terminal));
    signal.throwIfAborted();
    const exitCode = await exitCodeOf(program.exec, clock);
    if (isMissing(exitCode, text)) throw new ProgramNotInImageError(command[0], container);
    return exitCode;
  } finally {
    signal.removeEventListener("abort", end);
    ctrlC.removeEventListener("abort", pass);
    program.stream.destroy();
  }
}

/** Keys, and the size of the window, go to the program, until the result is disposed of. */
function joinInput({ input, output }: Terminal, { stream, exec }: Program, tty: boolean): Disposable {
  const resize = () => void exec.resize({ h: output.rows, w: output.columns }).catch(() => {});
  // What is written once the program has ended is lost with it.
  stream.on("error", () => {});
  if (tty) {
    input.setRawMode(true);
    output.on("resize", resize);
    resize();
  }
  input.pipe(stream);
  return {
    [Symbol.dispose]: () => {
      input.unpipe(stream);
      input.pause();
      if (!tty) return;
      input.setRawMode(false);
      output.off("resize", resize);
    },
  };
}

/** @returns the beginning of the output, which may be the engine's word that there is no such program */
async function passRaw(stream: Duplex, { output }: Terminal): Promise<string> {
  let text = "";
  for await (const octets of stream as AsyncIterable<Buffer>) {
    text ||= octets.toString();
    if (!text.startsWith("OCI ")) output.write(octets);
  }
  return text;
}

async function passFrames(stream: Duplex, { output, errors }: Terminal): Promise<string> {
  let text = "";
  for await (const { type, octets } of readFrames(stream)) {
    text ||= Buffer.from(octets).toString();
    if (!text.startsWith("OCI ")) (type === "stdout" ? output : errors).write(octets);
  }
  return text;
}
