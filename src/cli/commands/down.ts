import type { Command } from "commander";
import type { Invocation } from "../cli.ts";
import { UsageError } from "../exit.ts";
import { quietOption } from "../options.ts";

interface DownFlags {
  readonly all?: boolean;
  readonly quiet?: boolean;
}

export function downCommand(program: Command, cli: Invocation): void {
  program
    .command("down")
    .alias("destroy")
    .summary("take a lab away, whatever state it is in")
    .argument("[lab]", "name of a lab, or its topology file")
    .option("-a, --all", "all labs of this machine")
    .addOption(quietOption())
    .action((lab: string | undefined, flags: DownFlags) => run(lab, flags, cli));
}

async function run(lab: string | undefined, { all, quiet }: DownFlags, cli: Invocation): Promise<void> {
  if ((lab === undefined) === (all !== true)) {
    throw new UsageError("name one lab, or give --all", { hint: "fe80 ls lists the labs" });
  }
  const environment = await cli.environment();
  const [{ down }, { labNames }] = await Promise.all([
    import("../../lab/down.ts"),
    import("../../lab/names.ts"),
  ]);
  const names = await labNames(lab, environment);
  if (names.length === 0) cli.out("no lab is running");
  const failures: unknown[] = [];
  for (const name of names) {
    let count = 0;
    try {
      for await (const { type, name: removed } of down(name, environment)) {
        count++;
        if (!quiet) cli.err(`removed ${type} ${removed}`);
      }
      cli.out(count === 0 ? `${name} is not running` : `${name} is down`);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures);
}
