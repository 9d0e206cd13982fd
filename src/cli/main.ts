import { Command, CommanderError } from "commander";
import type { Cli, Invocation } from "./cli.ts";
import { Exit, errorLines, exitOf } from "./exit.ts";

type Add = (program: Command, invocation: Invocation) => void;

/** What adds commands, in the order of the help. A key is a name of one of them, which is enough to load no others. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  up: async () => (await import("./commands/up.ts")).upCommand,
  down: async () => (await import("./commands/down.ts")).downCommand,
  inspect: async () => (await import("./commands/inspect.ts")).inspectCommand,
  routes: async () => (await import("./commands/routes.ts")).routesCommand,
  why: async () => (await import("./commands/why.ts")).whyCommand,
  ls: async () => (await import("./commands/ls.ts")).lsCommand,
  test: async () => (await import("./commands/test.ts")).testCommand,
  timeline: async () => (await import("./commands/timeline.ts")).timelineCommand,
  simulate: async () => (await import("./commands/simulate.ts")).simulateCommand,
  check: async () => (await import("./commands/check.ts")).checkCommand,
  plan: async () => (await import("./commands/plan.ts")).planCommand,
  policy: async () => (await import("./commands/policy.ts")).policyCommand,
  generate: async () => (await import("./commands/generate.ts")).generateCommand,
  import: async () => (await import("./commands/import.ts")).importCommand,
  export: async () => (await import("./commands/export.ts")).exportCommand,
  exec: async () => (await import("./commands/exec.ts")).execCommand,
  logs: async () => (await import("./commands/logs.ts")).logsCommand,
  capture: async () => (await import("./commands/capture.ts")).captureCommand,
  interop: async () => (await import("./commands/interop.ts")).interopCommand,
  link: async () => (await import("./commands/link.ts")).linkCommand,
  stop: async () => (await import("./commands/process.ts")).processCommands,
  reset: async () => (await import("./commands/reset.ts")).resetCommand,
  announce: async () => (await import("./commands/announce.ts")).announceCommands,
  version: async () => (await import("./commands/version.ts")).versionCommand,
};

/** Runs the command that the arguments name. @returns the exit code; never throws */
export async function main(args: readonly string[], cli: Cli): Promise<number> {
  let exit: number = Exit.ok;
  const finish = (code: number) => {
    exit = code;
  };
  try {
    const program = await createProgram({ ...cli, finish }, args[0]);
    await program.parseAsync(args, { from: "user" });
    return exit;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? Exit.ok : Exit.usage;
    for (const line of errorLines(thrown)) cli.err(line);
    return exitOf(thrown);
  }
}

async function createProgram(invocation: Invocation, name: string | undefined): Promise<Command> {
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
  const one = Object.entries(commands).filter(([key]) => key === name);
  const loaders = one.length > 0 ? one.map(([, load]) => load) : Object.values(commands);
  for (const add of await Promise.all(loaders.map((load) => load()))) add(program, invocation);
  return program;
}
