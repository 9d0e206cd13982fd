import type { Command } from "commander";
import type { Invocation } from "../cli.ts";

export function execCommand(program: Command, cli: Invocation): void {
  program
    .command("exec")
    .summary("run a program in a router, and end with its exit code")
    .usage("<lab> <router> -- <command...>")
    .argument("<lab>", "name of a lab, or its topology file")
    .argument("<router>")
    .argument("<command...>", "the program and its arguments")
    .passThroughOptions()
    .action((lab: string, router: string, command: [string, ...string[]]) =>
      run({ lab, router }, command, cli),
    );
}

async function run(
  target: { lab: string; router: string },
  command: readonly [string, ...string[]],
  cli: Invocation,
): Promise<void> {
  const { exec } = await import("../../lab/exec.ts");
  cli.finish(await exec(target, { command, signal: cli.signal }, await cli.environment()));
}
