import { type Command, Option } from "commander";
import type { Invocation } from "../cli.ts";
import { type Format, formatOption, inspectedRows } from "../options.ts";
import { listLabs } from "./ls.ts";

interface InspectFlags {
  readonly all?: boolean;
  readonly session?: string;
  readonly processes?: boolean;
  readonly format: Format;
}

export function inspectCommand(program: Command, cli: Invocation): void {
  program
    .command("inspect")
    .alias("status")
    .summary("show the sessions and routes of a lab")
    .argument("[lab]", "name of a lab, or its topology file; not needed while only one is running")
    .option("-a, --all", "list all labs of this machine instead")
    .addOption(
      new Option(
        "-s, --session <router:session>",
        "show all of one session: timers, counters, history",
      ).conflicts("all"),
    )
    .addOption(
      new Option(
        "-p, --processes",
        "show what the speaker's processes take, and how late they are",
      ).conflicts(["all", "session"]),
    )
    .addOption(formatOption())
    .action((lab: string | undefined, flags: InspectFlags) =>
      flags.all ? listLabs(flags.format, cli) : run(lab, flags, cli),
    );
}

async function run(lab: string | undefined, flags: InspectFlags, cli: Invocation): Promise<void> {
  const { format, session } = flags;
  if (session !== undefined) return runSession({ lab, session }, format, cli);
  if (flags.processes) return runProcesses(lab, format, cli);
  const environment = await cli.environment();
  const [{ inspect }, { labLines }] = await Promise.all([
    import("../../lab/inspect.ts"),
    import("../../report/lab-lines.ts"),
  ]);
  const rows = format === "table" ? inspectedRows : Number.POSITIVE_INFINITY;
  const report = await inspect(lab, { routes: rows, signal: cli.signal }, environment);
  for (const line of labLines(report, { format, rows })) cli.out(line);
}

async function runProcesses(lab: string | undefined, format: Format, cli: Invocation): Promise<void> {
  const environment = await cli.environment();
  const [{ inspectProcesses }, { processLines }] = await Promise.all([
    import("../../lab/processes.ts"),
    import("../../report/process-lines.ts"),
  ]);
  const processes = await inspectProcesses(lab, { signal: cli.signal }, environment);
  for (const line of processLines(processes, { format })) cli.out(line);
}

async function runSession(
  target: { lab: string | undefined; session: string },
  format: Format,
  cli: Invocation,
): Promise<void> {
  const environment = await cli.environment();
  const [{ inspectSession }, { sessionLines }] = await Promise.all([
    import("../../lab/inspect-session.ts"),
    import("../../report/session-lines.ts"),
  ]);
  const report = await inspectSession(target, { signal: cli.signal }, environment);
  for (const line of sessionLines(report, { format })) cli.out(line);
}
