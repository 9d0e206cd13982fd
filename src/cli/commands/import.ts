import type { Command } from "commander";
import type { Invocation } from "../cli.ts";
import { outputOption, type ReadFlags, readOptions, replaceKindOption } from "../options.ts";

interface ImportFlags extends ReadFlags {
  readonly output?: string;
}

export function importCommand(program: Command, cli: Invocation): void {
  program
    .command("import")
    .summary("write a containerlab file in fe80's own form")
    .argument("<file>", "containerlab file")
    .addOption(replaceKindOption())
    .addOption(outputOption())
    .action((file: string, flags: ImportFlags) => run(file, flags, cli));
}

async function run(file: string, flags: ImportFlags, cli: Invocation): Promise<void> {
  const [{ importFile }, { writeResult }] = await Promise.all([
    import("../../lab/topology-file.ts"),
    import("../result.ts"),
  ]);
  const options = readOptions(flags, cli);
  const { text, warnings } = await importFile(file, options);
  for (const warning of warnings) options.warn(warning.text);
  await writeResult(text, { file: flags.output }, cli);
}
