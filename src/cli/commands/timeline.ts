import { type Command, Option } from "commander";
import type { Invocation } from "../cli.ts";
import { outputOption } from "../options.ts";
import { writeResult } from "../result.ts";

interface TimelineFlags {
  readonly format: "table" | "json" | "svg";
  readonly output?: string;
}

export function timelineCommand(program: Command, cli: Invocation): void {
  program
    .command("timeline")
    .summary("show which session of a lab came up when, step by step")
    .argument("[lab]", "name of a lab, or its topology file; not needed while only one is running")
    .addOption(
      new Option("-f, --format <format>", "how to print it; svg for a picture")
        .choices(["table", "json", "svg"])
        .default("table"),
    )
    .addOption(outputOption())
    .action((lab: string | undefined, flags: TimelineFlags) => run(lab, flags, cli));
}

async function run(
  lab: string | undefined,
  { format, output: file }: TimelineFlags,
  cli: Invocation,
): Promise<void> {
  const environment = await cli.environment();
  const [{ timeline }, { timelineLines }] = await Promise.all([
    import("../../lab/timeline.ts"),
    import("../../report/timeline/timeline-lines.ts"),
  ]);
  const found = await timeline(lab, { signal: cli.signal }, environment);
  for (const reason of found.missing) cli.err(`not known: ${reason}`);
  const lines = timelineLines(found.timeline, { format });
  await writeResult(lines.map((line) => `${line}\n`).join(""), { file }, cli);
}
