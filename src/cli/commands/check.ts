import { type Command, Option } from "commander";
import type { CheckedFile } from "../../lab/topology-file.ts";
import type { Invocation } from "../cli.ts";
import { Exit } from "../exit.ts";
import { checksOption, type ReadFlags, readOptions, replaceKindOption } from "../options.ts";

interface Options extends ReadFlags {
  readonly format: "table" | "json" | "github";
}

export function checkCommand(program: Command, cli: Invocation): void {
  program
    .command("check")
    .summary("check topology files, and start nothing")
    .argument("<files...>", "topology files")
    .addOption(
      new Option("-f, --format <format>", "how to print what is found; github for annotations")
        .choices(["table", "json", "github"])
        .default("table"),
    )
    .addOption(checksOption())
    .addOption(replaceKindOption())
    .action((files: string[], options: Options) => run(files, options, cli));
}

async function run(files: readonly string[], options: Options, cli: Invocation): Promise<void> {
  const { checkFiles } = await import("../../lab/topology-file.ts");
  const { format } = options;
  const checked = await checkFiles(files, cli.directories, readOptions(options, cli));
  const errors = checked.flatMap((result) => ("error" in result ? [result.error] : []));
  if (errors.length > 0) cli.finish(Exit.usage);
  if (format !== "table") {
    for (const line of await findingLines(checked, format)) cli.out(line);
    return;
  }
  const { planSummary } = await import("../../report/plan-lines.ts");
  for (const result of checked) {
    if ("error" in result) continue;
    for (const { text } of result.warnings) cli.err(text);
    cli.out(planSummary(result.plan));
  }
  if (errors.length > 0) throw new AggregateError(errors, "some topology files cannot be used");
}

async function findingLines(checked: readonly CheckedFile[], format: "json" | "github"): Promise<string[]> {
  const { annotation, findingsOf, placedFinding } = await import("../../report/diagnostics.ts");
  const files = checked.map((result) => ({
    file: result.file,
    lab: "error" in result ? null : result.plan.lab,
    valid: !("error" in result),
    diagnostics:
      "error" in result
        ? findingsOf(result.file, result.error)
        : result.warnings.map((warning) => placedFinding(warning, null)),
  }));
  if (format === "json") return [JSON.stringify({ files }, null, 2)];
  return files.flatMap(({ diagnostics }) => diagnostics.map(annotation));
}
