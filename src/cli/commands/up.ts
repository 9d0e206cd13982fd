import type { Command } from "commander";
import type { Invocation } from "../cli.ts";
import { Exit } from "../exit.ts";
import {
  type Format,
  formatOption,
  printedRows,
  quietOption,
  type ReadFlags,
  readOptions,
  replaceKindOption,
  runtimeOption,
  timeoutOption,
} from "../options.ts";

interface UpFlags extends ReadFlags {
  readonly wait: boolean;
  readonly reconfigure?: boolean;
  readonly isolate?: boolean;
  readonly timeout?: number;
  readonly dryRun?: boolean;
  readonly format: Format;
  readonly quiet?: boolean;
}

export function upCommand(program: Command, cli: Invocation): void {
  program
    .command("up")
    .aliases(["deploy", "apply"])
    .summary("bring a lab up and wait until it has converged")
    .argument("<file>", "topology file")
    .option("--no-wait", "do not wait for convergence, only until every router answers")
    .option("--reconfigure", "if the lab is up, take it down first instead of changing it")
    .option("--isolate", "give each router a process of its own, so that it can be stopped alone")
    .addOption(timeoutOption())
    .option("--dry-run", "only print what would be made, as fe80 plan does, or changed if the lab is up")
    .addOption(formatOption())
    .addOption(quietOption())
    .addOption(replaceKindOption())
    .addOption(runtimeOption())
    .action((file: string, flags: UpFlags) =>
      flags.dryRun ? rehearse(file, flags, cli) : run(file, flags, cli),
    );
}

async function run(file: string, flags: UpFlags, cli: Invocation): Promise<void> {
  const environment = await cli.environment();
  const [{ readPlan }, { up }] = await Promise.all([
    import("../../lab/topology-file.ts"),
    import("../../lab/up.ts"),
  ]);
  const plan = await readPlan(file, cli.directories, readOptions(flags, cli));
  const options = {
    until: flags.wait ? ("converged" as const) : ("answering" as const),
    ifRunning: flags.reconfigure ? ("replace" as const) : ("change" as const),
    isolate: flags.isolate === true,
    timeoutMs: flags.timeout,
    routes: flags.format === "json" ? Number.POSITIVE_INFINITY : printedRows,
    progress: flags.quiet ? () => {} : cli.err,
    signal: cli.signal,
  };
  const { outcome, report } = await up(plan, options, environment);
  const { labLines } = await import("../../report/lab-lines.ts");
  for (const line of labLines(report, { format: flags.format, rows: printedRows })) cli.out(line);
  if (outcome === "interrupted") throw cli.signal.reason;
  if (outcome === "reached") return;
  cli.err(`hint: the lab stays up for you to look at; fe80 down ${report.name} takes it away`);
  cli.finish(Exit.failed);
}

/** What would be made, or changed if there is a lab of that name to change. */
async function rehearse(file: string, flags: UpFlags, cli: Invocation): Promise<void> {
  const [{ readPlan }, { rehearseChange }, { changeLines }] = await Promise.all([
    import("../../lab/topology-file.ts"),
    import("../../lab/rehearse.ts"),
    import("../../report/change-lines.ts"),
  ]);
  const plan = await readPlan(file, cli.directories, readOptions(flags, cli));
  const isolate = flags.isolate === true;
  const changes = flags.reconfigure ? undefined : await rehearseChange(plan, { isolate }, cli.environment);
  if (!changes) return await (await import("./plan.ts")).printPlan(plan, flags, cli);
  for (const line of changeLines({ lab: plan.lab, changes }, flags)) cli.out(line);
}
