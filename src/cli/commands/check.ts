import type { Command } from "commander";
import type { Invocation } from "../cli.ts";

export function checkCommand(program: Command, cli: Invocation): void {
  program
    .command("check")
    .summary("check topology files, and start nothing")
    .argument("<files...>", "topology files")
    .action((files: string[]) => run(files, cli));
}

async function run(files: readonly string[], cli: Invocation): Promise<void> {
  const [{ readPlans }, { planSummary }] = await Promise.all([
    import("../../lab/topology-file.ts"),
    import("../../report/plan-lines.ts"),
  ]);
  for (const plan of await readPlans(files, cli.directories)) cli.out(planSummary(plan));
}
