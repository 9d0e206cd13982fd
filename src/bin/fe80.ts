#!/usr/bin/env node
import { readFileSync } from "node:fs";
import type { Cli } from "../cli/cli.ts";
import { Exit } from "../cli/exit.ts";
import { main } from "../cli/main.ts";
import { Terminal } from "../cli/terminal.ts";
import { InterruptedError } from "../lab/errors.ts";
import { directories, machineEnvironment } from "../library/machine.ts";
import { systemClock } from "../std/clock.ts";

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

const terminal = new Terminal({
  write: (text) => void process.stderr.write(text),
  columns: () => (process.stderr.isTTY ? process.stderr.columns : undefined),
});

function print(line: string): void {
  if (!outputClosed.signal.aborted) process.stdout.write(`${line}\n`);
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

const cli: Cli = {
  version: version(),
  directories,
  clock: systemClock,
  environment: machineEnvironment,
  out: (line) => (process.stdout.isTTY ? terminal.above(() => print(line)) : print(line)),
  err: (line) => terminal.line(line),
  live: (line) => terminal.live(line),
  variables: process.env,
  signal: root.signal,
  outputClosed: outputClosed.signal,
};

process.exitCode = await main(process.argv.slice(2), cli);
// Daemons that go on are let go of, and nothing else may keep the command from ending once all is written.
process.stdout.write("", () => setImmediate(finish));

function finish(): void {
  if (outputError && process.exitCode === Exit.ok) {
    cli.err(`error: the result cannot be written: ${outputError.message}`);
    process.exitCode = Exit.failed;
  }
  process.exit();
}
