import type { Command } from "commander";
import type { Invocation } from "../cli.ts";

interface LogsFlags {
  readonly json?: boolean;
  readonly follow?: boolean;
}

export function logsCommand(program: Command, cli: Invocation): void {
  program
    .command("logs")
    .summary("print a router's log")
    .argument("<lab>", "name of a lab, or its topology file")
    .argument("<router>")
    .option("--json", "the lines as they were written")
    .option("-F, --follow", "go on with what is still to come")
    .action((lab: string, router: string, flags: LogsFlags) => run({ lab, router }, flags, cli));
}

async function run(
  target: { lab: string; router: string },
  flags: LogsFlags,
  cli: Invocation,
): Promise<void> {
  const environment = await cli.environment();
  const [{ logs }, { formatLogLine }] = await Promise.all([
    import("../../lab/logs.ts"),
    import("../../report/log-line.ts"),
  ]);
  const signal = AbortSignal.any([cli.signal, cli.outputClosed]);
  const options = { follow: flags.follow === true, signal };
  try {
    for await (const line of logs(target, options, environment)) {
      cli.out(flags.json ? line : formatLogLine(line));
    }
  } catch (error) {
    if (!cli.outputClosed.aborted) throw error;
  }
}
