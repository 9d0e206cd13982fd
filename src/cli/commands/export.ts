import { type Command, Option } from "commander";
import type { Invocation } from "../cli.ts";
import { outputOption, type ReadFlags, readOptions, replaceKindOption } from "../options.ts";

const formats = ["containerlab", "mermaid", "dot", "json"] as const;

interface ExportFlags extends ReadFlags {
  readonly format: (typeof formats)[number];
  readonly output?: string;
}

export function exportCommand(program: Command, cli: Invocation): void {
  program
    .command("export")
    .summary("write a topology for another tool, or as a picture")
    .argument("<file>", "topology file")
    .addOption(new Option("-f, --format <format>", "what to write").choices(formats).makeOptionMandatory())
    .addOption(replaceKindOption())
    .addOption(outputOption())
    .action((file: string, flags: ExportFlags) => run(file, flags, cli));
}

async function run(file: string, flags: ExportFlags, cli: Invocation): Promise<void> {
  const [{ exportFile }, { writeResult }] = await Promise.all([
    import("../../lab/topology-file.ts"),
    import("../result.ts"),
  ]);
  const options = readOptions(flags, cli);
  const text = await exportFile(file, flags.format, options);
  await writeResult(text, { file: flags.output }, cli);
}
