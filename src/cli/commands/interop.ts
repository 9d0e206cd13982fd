import { type Command, Option } from "commander";
import type { MatrixFormat } from "../../interop/lines.ts";
import type { Cell, Matrix } from "../../interop/result.ts";
import type { Invocation } from "../cli.ts";
import { Exit } from "../exit.ts";
import { countOption, quietOption } from "../options.ts";

interface InteropFlags {
  readonly features?: readonly string[];
  readonly kinds?: readonly string[];
  readonly allPairs?: boolean;
  readonly jobs?: number;
  readonly format: MatrixFormat;
  readonly keepFailures?: string;
  readonly quiet?: boolean;
}

export function interopCommand(program: Command, cli: Invocation): void {
  program
    .command("interop")
    .summary("try what our speaker and others can do together, and prove it: docs/interop.md")
    .addOption(listOption("--features <names>", "such as md5,add-path (all)"))
    .addOption(listOption("--kinds <names>", "with which others, such as frr,bird (all that are installed)"))
    .option("--all-pairs", "each of them with each other, too")
    .addOption(countOption("-j, --jobs <number>", "how many labs may be up at once (two a processor)"))
    .addOption(
      new Option("-f, --format <format>", "how to print the result")
        .choices(["table", "markdown", "json", "junit"])
        .default("table"),
    )
    .option("--keep-failures <directory>", "leave there logs, messages and packets of each failure")
    .addOption(quietOption())
    .action((flags: InteropFlags) => run(flags, cli));
}

function listOption(flags: string, what: string): Option {
  return new Option(flags, what).argParser((text) => text.split(",").filter((name) => name !== ""));
}

async function run(flags: InteropFlags, cli: Invocation): Promise<void> {
  const [{ matrixLines }, { failuresIn }] = await Promise.all([
    import("../../interop/lines.ts"),
    import("../../interop/rows.ts"),
  ]);
  const matrix = await find(flags, cli).finally(() => cli.live(undefined));
  for (const line of matrixLines(matrix, flags.format)) cli.out(line);
  if (failuresIn(matrix).length > 0) cli.finish(Exit.failed);
}

async function find({ quiet, keepFailures, ...flags }: InteropFlags, cli: Invocation): Promise<Matrix> {
  const [{ runMatrix }, { chooseFeatures, chooseKinds }, { pairsOf }, { keepFailure }, os] =
    await Promise.all([
      import("../../interop/run.ts"),
      import("../../interop/choice.ts"),
      import("../../interop/pair.ts"),
      import("../../interop/keep.ts"),
      import("node:os"),
    ]);
  const features = chooseFeatures(flags.features);
  const environment = await cli.environment();
  const kinds = chooseKinds(flags.kinds, { environment, warn: cli.err });
  let found = 0;
  return await runMatrix(
    {
      pairs: pairsOf(kinds, { all: flags.allPairs === true }),
      features,
      jobs: flags.jobs ?? 2 * os.availableParallelism(),
      tell: ({ feature, way, pair, verdict }: Cell) => {
        found++;
        const name = [pair.a, "with", `${pair.b}:`, feature, way].filter(Boolean).join(" ");
        if (quiet) return;
        if (verdict.type === "fail") cli.err(`${name} failed: ${verdict.reason}`);
        cli.live(`${found} cells; ${name}`);
      },
      examine: async (cell, meeting) => {
        if (keepFailures !== undefined) await keepFailure(cell, meeting, keepFailures);
      },
      signal: cli.signal,
    },
    environment,
  );
}
