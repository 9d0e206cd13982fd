import type { Command } from "commander";
import type { Invocation } from "../cli.ts";
import { Exit } from "../exit.ts";
import {
  type Format,
  formatOption,
  type ReadFlags,
  readOptions,
  replaceKindOption,
  runsOption,
  seedOption,
} from "../options.ts";

interface SimulateFlags extends ReadFlags {
  readonly runs: number;
  readonly seed?: number;
  readonly verbose?: boolean;
  readonly format: Format;
}

export function simulateCommand(program: Command, cli: Invocation): void {
  program
    .command("simulate")
    .summary("run a lab in memory many times, with faults, and check that it always converges")
    .argument("<file>", "topology file")
    .addOption(runsOption())
    .addOption(seedOption("of the first run; each next run has the next seed (another each time)"))
    .option("-v, --verbose", "print all that happened in the first run that failed, or in the only run")
    .addOption(formatOption())
    .addOption(replaceKindOption())
    .action((file: string, flags: SimulateFlags) => run(file, flags, cli));
}

async function run(file: string, flags: SimulateFlags, cli: Invocation): Promise<void> {
  const [{ readPlan }, { simulateLab }, { simulationLines }] = await Promise.all([
    import("../../lab/topology-file.ts"),
    import("../../lab/simulate.ts"),
    import("../../report/simulation-lines.ts"),
  ]);
  const plan = await readPlan(file, cli.directories, readOptions(flags, cli));
  const options = {
    runs: flags.runs,
    seed: flags.seed,
    trace: flags.verbose === true,
    signal: cli.signal,
  };
  const simulation = await simulateLab(plan, options, cli.clock);
  for (const line of simulationLines(simulation, { format: flags.format, file })) cli.out(line);
  if (simulation.failures.length > 0) cli.finish(Exit.failed);
  cli.signal.throwIfAborted();
}
