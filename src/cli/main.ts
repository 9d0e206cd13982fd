import { Command, CommanderError } from "commander";
import type { Cli, Invocation } from "./cli.ts";
import { announceCommands } from "./commands/announce.ts";
import { captureCommand } from "./commands/capture.ts";
import { checkCommand } from "./commands/check.ts";
import { downCommand } from "./commands/down.ts";
import { execCommand } from "./commands/exec.ts";
import { exportCommand } from "./commands/export.ts";
import { generateCommand } from "./commands/generate.ts";
import { importCommand } from "./commands/import.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { interopCommand } from "./commands/interop.ts";
import { linkCommand } from "./commands/link.ts";
import { logsCommand } from "./commands/logs.ts";
import { lsCommand } from "./commands/ls.ts";
import { planCommand } from "./commands/plan.ts";
import { policyCommand } from "./commands/policy.ts";
import { processCommands } from "./commands/process.ts";
import { resetCommand } from "./commands/reset.ts";
import { routesCommand } from "./commands/routes.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { testCommand } from "./commands/test.ts";
import { timelineCommand } from "./commands/timeline.ts";
import { upCommand } from "./commands/up.ts";
import { versionCommand } from "./commands/version.ts";
import { whyCommand } from "./commands/why.ts";
import { Exit, errorLines, exitOf } from "./exit.ts";

const commands = [
  upCommand,
  downCommand,
  inspectCommand,
  routesCommand,
  whyCommand,
  lsCommand,
  testCommand,
  timelineCommand,
  simulateCommand,
  checkCommand,
  planCommand,
  policyCommand,
  generateCommand,
  importCommand,
  exportCommand,
  execCommand,
  logsCommand,
  captureCommand,
  interopCommand,
  linkCommand,
  processCommands,
  resetCommand,
  announceCommands,
  versionCommand,
];

/** Runs the command that the arguments name. @returns the exit code; never throws */
export async function main(args: readonly string[], cli: Cli): Promise<number> {
  let exit: number = Exit.ok;
  const finish = (code: number) => {
    exit = code;
  };
  try {
    await createProgram({ ...cli, finish }).parseAsync(args, { from: "user" });
    return exit;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? Exit.ok : Exit.usage;
    for (const line of errorLines(thrown)) cli.err(line);
    return exitOf(thrown);
  }
}

function createProgram(invocation: Invocation): Command {
  const program = new Command("fe80")
    .description("BGP unnumbered labs: a YAML graph becomes routers that provably converge")
    .version(invocation.version, "-V, --version")
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError("(fe80 --help lists the commands)")
    .configureOutput({
      writeOut: (text) => invocation.out(text.trimEnd()),
      writeErr: (text) => invocation.err(text.trimEnd()),
    });
  for (const add of commands) add(program, invocation);
  return program;
}
