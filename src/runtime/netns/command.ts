import { constants } from "node:os";
import type { Readable } from "node:stream";
import type { Result } from "execa";
import { inNetns } from "../../linux/netns.ts";
import { CANNOT_START, ProgramFailedError } from "../errors.ts";
import { findProgram, searchPath } from "../program.ts";
import type { Captured, Command } from "../runtime.ts";

interface Options {
  /** Directories to look for the program in, as in PATH. */
  readonly path: string;
  readonly signal: AbortSignal;
  /** Path of the namespace to run in; null for this process's own. */
  readonly netns: string | null;
}

/** Runs a program in a namespace and gives its standard output. @throws {RuntimeError}, or the signal's reason */
export async function runCommand(command: Command, options: Options): Promise<string> {
  const { program, args, common, execa } = await prepare(command, options);
  const result = await inNetns(options.netns, () => execa(program, args, { ...common, stdin: "ignore" }));
  options.signal.throwIfAborted();
  if (!result.failed) return result.stdout;
  const how =
    result.signal ?? (result.exitCode === undefined ? whyNot(result) : `exit code ${result.exitCode}`);
  throw new ProgramFailedError(command, { how, stderr: result.stderr ?? "" });
}

/**
 * Runs a program in a namespace, with this process's standard streams.
 *
 * @returns its exit code, or as shells have it 128 and the number of the signal that ended it
 * @throws {RuntimeError} if it cannot be started, or the signal's reason
 */
export async function execCommand(command: Command, options: Options): Promise<number> {
  const { program, args, common, execa } = await prepare(command, options);
  // A child is born into the namespace of the thread that starts it.
  const result = await inNetns(options.netns, () => execa(program, args, { ...common, stdio: "inherit" }));
  options.signal.throwIfAborted();
  return exitCodeOf(command, result);
}

/** Runs a program with an input, until it has read all of it, and this process's other streams. @returns @throws as {@link execCommand} does */
export async function printCommand(
  command: Command,
  { path, input }: { path: string; input: Readable },
): Promise<number> {
  const { signal } = new AbortController();
  const { program, args, common, execa } = await prepare(command, { path, signal, netns: null });
  const result = await execa(program, args, { ...common, input, stdout: "inherit", stderr: "inherit" });
  return exitCodeOf(command, result);
}

/**
 * Runs a program in a namespace, without input, and gives what it wrote.
 *
 * @param options.interrupt ends it with SIGINT @throws as {@link execCommand} does
 */
export async function captureCommand(
  command: Command,
  { interrupt, ...options }: Options & { readonly interrupt: AbortSignal | undefined },
): Promise<Captured> {
  const { program, args, common, execa } = await prepare(command, options);
  const running = inNetns(options.netns, () => execa(program, args, { ...common, stdin: "ignore" }));
  const end = () => running.kill("SIGINT");
  if (interrupt?.aborted) end();
  interrupt?.addEventListener("abort", end, { once: true });
  const result = await running;
  interrupt?.removeEventListener("abort", end);
  options.signal.throwIfAborted();
  return { exitCode: exitCodeOf(command, result), stdout: result.stdout, stderr: result.stderr };
}

/** How a program ended, as `execa` tells it. */
type Ended = Pick<Result, "exitCode" | "signal" | "code" | "originalMessage">;

/** @throws {ProgramFailedError} if it did not even start */
function exitCodeOf(command: Command, result: Ended): number {
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.signal !== undefined) return 128 + constants.signals[result.signal];
  throw new ProgramFailedError(command, { how: whyNot(result), stderr: "" });
}

/** Of a program that never began, and was found before. */
function whyNot({ code, originalMessage }: Ended): string {
  const full = code === "EAGAIN" || code === "ENOMEM";
  return full || originalMessage === undefined ? CANNOT_START : originalMessage;
}

async function prepare([name, ...args]: Command, { path, signal }: Options) {
  const program = findProgram(name, path);
  signal.throwIfAborted();
  // Loaded here because it takes longer than making a small lab, which needs none of it.
  const { execa } = await import("execa");
  const env = { PATH: searchPath(path) };
  const common = { cancelSignal: signal, reject: false, env, cwd: workingDirectory() } as const;
  return { program, args, execa, common };
}

/** A directory that has been removed is no reason not to run a program: labs are no matter of where one stands. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}
