import { readFileSync } from "node:fs";
import type { Cli } from "../cli/cli.ts";
import { Exit } from "../cli/exit.ts";
import { main } from "../cli/main.ts";
import { Terminal } from "../cli/terminal.ts";
import type { Environment } from "../lab/environment.ts";
import { InterruptedError } from "../lab/errors.ts";
import { directories, machineEnvironment, machineImages, speakers } from "../library/machine.ts";
import type { Standby } from "../runtime/netns/standby.ts";
import { systemClock } from "../std/clock.ts";

let standby: Standby | undefined;
const root = new AbortController();
const outputClosed = new AbortController();

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // Not `once`: an impatient second Ctrl-C must not cut short what the first one undoes.
  process.on(name, () => root.abort(new InterruptedError(name)));
}
// Whatever becomes of the output, the work on a lab comes to its end, or is undone.
let outputError: NodeJS.ErrnoException | undefined;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") outputError ??= error;
  outputClosed.abort();
});
process.stderr.on("error", () => {});

/** Loaded only for a command that works on labs. */
async function environment(): Promise<Environment> {
  if (process.geteuid?.() !== 0) await becomeRoot();
  return await machineEnvironment({ standby });
}

/** Starts the command over as the root of the user's own namespaces, and ends as that does. */
async function becomeRoot(): Promise<never> {
  const { runRootless } = await import("../runtime/rootless/command.ts");
  const again = [process.execPath, process.argv[1] ?? "", ...process.argv.slice(2)];
  const options = { path: process.env["PATH"] ?? "", directory: process.env["PWD"] ?? "/" };
  const command = await runRootless(again, options);
  const forward = () => {
    if (root.signal.reason instanceof InterruptedError) command.kill(root.signal.reason.signalName);
  };
  root.signal.addEventListener("abort", forward);
  process.exit(await command.ended);
}

const terminal = new Terminal({
  write: (text) => void process.stderr.write(text),
  columns: () => (process.stderr.isTTY ? process.stderr.columns : undefined),
});

function print(result: string | Uint8Array): void {
  if (!outputClosed.signal.aborted) process.stdout.write(result);
}

function printAbove(result: string | Uint8Array): void {
  if (process.stdout.isTTY) terminal.above(() => print(result));
  else print(result);
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

const cli: Cli = {
  version: version(),
  directories,
  clock: systemClock,
  speakers,
  environment,
  images: machineImages,
  out: (line) => printAbove(`${line}\n`),
  outOctets: printAbove,
  err: (line) => terminal.line(line),
  live: (line) => terminal.live(line),
  variables: process.env,
  signal: root.signal,
  outputClosed: outputClosed.signal,
};

/**
 * Runs the command of this process, and ends it.
 *
 * @param ready a speaker that was started for it; it is ended if the command has no use for it
 */
export async function runCommand(ready: Standby | undefined): Promise<void> {
  standby = ready;
  process.exitCode = await main(process.argv.slice(2), cli);
  standby?.[Symbol.dispose]();
  // Daemons that go on are let go of, and nothing else may keep the command from ending once all is written.
  process.stdout.write("", () => setImmediate(finish));
}

function finish(): void {
  if (outputError && process.exitCode === Exit.ok) {
    cli.err(`error: the result cannot be written: ${outputError.message}`);
    process.exitCode = Exit.failed;
  }
  process.exit();
}
