import type { Command } from "commander";
import type { Invocation } from "../cli.ts";

export function restartCommand(program: Command, cli: Invocation): void {
  program
    .command("restart")
    .summary("end a router's process and start it again")
    .argument("<lab>", "name of a lab, or its topology file")
    .argument("<router>")
    .action((lab: string, router: string) => run({ lab, router }, cli));
}

async function run({ lab, router }: { lab: string; router: string }, cli: Invocation): Promise<void> {
  const { restartRouter } = await import("../../lab/router-process.ts");
  const { signal } = cli;
  await restartRouter({ lab, router }, { signal }, await cli.environment());
  cli.out(`${router} has restarted`);
}
