import type { Duplex } from "node:stream";
import type { Exec } from "dockerode";
import { type Clock, pause } from "../../std/clock.ts";
import type { Captured, Command } from "../runtime.ts";
import type { Engine } from "./engine.ts";
import { ProgramNotInImageError } from "./errors.ts";
import { readFrames } from "./frames.ts";

/** Between two looks whether the engine knows of an end that has been seen. */
const lookMs = 5;

const never = new AbortController().signal;

export interface ProgramOptions {
  /** `NAME=value` */
  readonly env?: readonly string[];
  /** With a terminal of its own: what it writes comes as it is, and not in frames. */
  readonly tty?: boolean;
}

/** A program that was started in a container; it goes on when its stream is closed. */
export interface Program {
  /** Its standard input, and what it writes, in frames. */
  readonly stream: Duplex;
  readonly exec: Exec;
}

/** Starts a program in a container. @throws {EngineError} if there is no such container, or it does not run */
export async function startProgram(
  engine: Engine,
  { container, command }: { container: string; command: Command },
  { env = [], tty = false }: ProgramOptions = {},
): Promise<Program> {
  return await engine.work(`run ${command[0]} in ${container}`, async () => {
    const exec = await engine.container(container).exec({
      Cmd: command,
      Env: env,
      Tty: tty,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ hijack: true, stdin: true, Tty: tty });
    return { stream, exec };
  });
}

/** Runs a program in a container without input, and gives what it wrote. @throws {ProgramNotInImageError}, or the signal's reason */
export async function captureProgram(
  engine: Engine,
  { container, command }: { container: string; command: Command },
  { clock, signal, env = [] }: { clock: Clock; signal: AbortSignal; env?: readonly string[] },
): Promise<Captured> {
  signal.throwIfAborted();
  const { stream, exec } = await startProgram(engine, { container, command }, { env });
  const abort = () => stream.destroy();
  signal.addEventListener("abort", abort, { once: true });
  try {
    stream.end();
    const text = { stdout: "", stderr: "" };
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    for await (const { type, octets } of readFrames(stream)) {
      text[type] += decoders[type].decode(octets, { stream: true });
    }
    const exitCode = await exitCodeOf(exec, clock);
    if (isMissing(exitCode, text.stdout)) throw new ProgramNotInImageError(command[0], container);
    return { exitCode, ...withoutLastLineEnd(text) };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** The exit code of a program whose stream has ended; as shells have it 128 and the number of the signal that ended it. */
export async function exitCodeOf(exec: Exec, clock: Clock): Promise<number> {
  for (;;) {
    const { Running: isRunning, ExitCode: exitCode } = await exec.inspect();
    if (!isRunning && exitCode !== null) return exitCode;
    await pause(clock, lookMs, never);
  }
}

/** Whether the engine has found no such program: it says so in the program's place. */
export function isMissing(exitCode: number, text: string): boolean {
  return (exitCode === 126 || exitCode === 127) && text.startsWith("OCI runtime exec failed");
}

/** As the output of programs of this machine is given. */
function withoutLastLineEnd({ stdout, stderr }: { stdout: string; stderr: string }) {
  return { stdout: stdout.replace(/\n$/, ""), stderr: stderr.replace(/\n$/, "") };
}
