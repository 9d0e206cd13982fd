import type { Command } from "commander";
import type { LabReport } from "../../report/lab-report.ts";
import type { Invocation } from "../cli.ts";
import { Exit } from "../exit.ts";
import {
  type Format,
  formatOption,
  printedRows,
  quietOption,
  type ReplaceKindFlag,
  readOptions,
  replaceKindOption,
  timeoutOption,
} from "../options.ts";

interface TestFlags extends ReplaceKindFlag {
  readonly timeout?: number;
  readonly format: Format;
  readonly quiet?: boolean;
}

export function testCommand(program: Command, cli: Invocation): void {
  program
    .command("test")
    .summary("bring labs up, check that they converge, and take them down: for CI")
    .argument("<files...>", "topology files")
    .addOption(timeoutOption())
    .addOption(formatOption())
    .addOption(quietOption())
    .addOption(replaceKindOption())
    .action((files: string[], flags: TestFlags) => run(files, flags, cli));
}

async function run(files: readonly string[], flags: TestFlags, cli: Invocation): Promise<void> {
  const [{ readPlans }, { test }] = await Promise.all([
    import("../../lab/topology-file.ts"),
    import("../../lab/test.ts"),
  ]);
  const plans = await readPlans(files, cli.directories, readOptions(flags, cli));
  const environment = await cli.environment();
  const progress = flags.quiet ? () => {} : cli.err;
  const options = { timeoutMs: flags.timeout, progress, signal: cli.signal };
  const reports: LabReport[] = [];
  try {
    for (const plan of plans) {
      const { outcome, report } = await test(plan, options, environment);
      reports.push(report);
      if (outcome !== "reached") cli.finish(Exit.failed);
      if (outcome === "interrupted") break;
    }
  } finally {
    // What was found of the first labs stands, whatever became of the next.
    const { testLines } = await import("../../report/lab-lines.ts");
    for (const line of testLines(reports, { format: flags.format, rows: printedRows })) cli.out(line);
  }
  cli.signal.throwIfAborted();
}
