import { type Command, Option } from "commander";
import type { Invocation } from "../cli.ts";
import { printedRows, type ReadFlags, readOptions, replaceKindOption } from "../options.ts";

type Plan = Parameters<typeof import("../../lab/describe-plan.ts").describePlan>[0];

type PlanFormat = "table" | "json" | "yaml";

interface PlanFlags extends ReadFlags {
  readonly format: PlanFormat;
  readonly isolate?: boolean;
}

export function planCommand(program: Command, cli: Invocation): void {
  const format = new Option("-f, --format <format>", "how to print it; json and yaml have all of it")
    .choices(["table", "json", "yaml"])
    .default("table");
  program
    .command("plan")
    .summary("print all that up would make, start and expect, and make nothing")
    .argument("<file>", "topology file")
    .addOption(format)
    .option("--isolate", "as up --isolate would")
    .addOption(replaceKindOption())
    .action((file: string, flags: PlanFlags) => run(file, flags, cli));
}

async function run(file: string, flags: PlanFlags, cli: Invocation): Promise<void> {
  const { readPlan } = await import("../../lab/topology-file.ts");
  await printPlan(await readPlan(file, cli.directories, readOptions(flags, cli)), flags, cli);
}

/** Also what a dry run of `up` is where there is no lab yet. */
export async function printPlan(
  plan: Plan,
  flags: Omit<PlanFlags, "replaceKind">,
  cli: Invocation,
): Promise<void> {
  const [{ describePlan }, { planLines }] = await Promise.all([
    import("../../lab/describe-plan.ts"),
    import("../../report/plan-lines.ts"),
  ]);
  const { directories, speakers } = cli;
  const processes = flags.isolate ? "isolated" : speakers.processes;
  const description = describePlan(plan, { ...speakers, directories, processes });
  for (const line of planLines(description, { format: flags.format, rows: printedRows })) cli.out(line);
}
