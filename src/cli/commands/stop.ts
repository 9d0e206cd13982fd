import type { Command } from "commander";
import type { Invocation } from "../cli.ts";

export function stopCommand(program: Command, cli: Invocation): void {
  program
    .command("stop")
    .summary("end a router's process; its links stay")
    .argument("<lab>", "name of a lab, or its topology file")
    .argument("<router>")
    .action((lab: string, router: string) => run({ lab, router }, cli));
}

async function run({ lab, router }: { lab: string; router: string }, cli: Invocation): Promise<void> {
  const { stopRouter } = await import("../../lab/router-process.ts");
  const stopped = await stopRouter({ lab, router }, await cli.environment());
  cli.out(stopped ? `${router} has stopped` : `${router} was not running`);
}
