import type { Command } from "commander";
import type { Invocation } from "../cli.ts";

export function startCommand(program: Command, cli: Invocation): void {
  program
    .command("start")
    .summary("start a router's process that was stopped")
    .argument("<lab>", "name of a lab, or its topology file")
    .argument("<router>")
    .action((lab: string, router: string) => run({ lab, router }, cli));
}

async function run({ lab, router }: { lab: string; router: string }, cli: Invocation): Promise<void> {
  const { startRouter } = await import("../../lab/router-process.ts");
  const { signal } = cli;
  const started = await startRouter({ lab, router }, { signal }, await cli.environment());
  cli.out(started ? `${router} has started` : `${router} is running already`);
}
