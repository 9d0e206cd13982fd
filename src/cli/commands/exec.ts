import type { Command } from "commander";
import type { Invocation } from "../cli.ts";
import { UsageError } from "../exit.ts";

export function execCommand(program: Command, cli: Invocation): void {
  program
    .command("exec")
    .summary("run a program in a router, and end with its exit code")
    .usage("<lab> <router> -- <command...>")
    .argument("<lab>", "name of a lab, or its topology file")
    .argument("<router>")
    .argument("<command...>", "the program and its arguments")
    .passThroughOptions()
    .action((lab: string, router: string, words: readonly string[]) => run({ lab, router }, words, cli));
}

async function run(
  target: { lab: string; router: string },
  words: readonly string[],
  cli: Invocation,
): Promise<void> {
  // With options passed through, commander passes the `--` before them through too.
  const [name, ...args] = words[0] === "--" ? words.slice(1) : words;
  if (name === undefined) throw new UsageError("no program to run is named");
  const environment = await cli.environment();
  const { exec } = await import("../../lab/exec.ts");
  const options = { command: [name, ...args] as const, signal: cli.signal };
  cli.finish(await exec(target, options, environment));
}
