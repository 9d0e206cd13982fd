import { type Command, InvalidArgumentError, Option } from "commander";
import { type ReporterName, reporterNames } from "../../report/reporters/reporters.ts";
import type { Invocation } from "../cli.ts";
import { Exit, errorLines, exitOf, exitOfTests, UsageError } from "../exit.ts";
import { LiveLine } from "../live.ts";
import {
  checksOption,
  countOption,
  type Format,
  formatOption,
  printedRows,
  quietOption,
  type ReadFlags,
  readOptions,
  replaceKindOption,
  runtimeOption,
  timeoutOption,
} from "../options.ts";
import { type ReporterChoice, Reports } from "../reports.ts";
import { maxRegressionOption, prepareTimes, type TimesFlags } from "./test-times.ts";

interface TestFlags extends ReadFlags, TimesFlags {
  readonly timeout?: number;
  readonly format: Format;
  readonly quiet?: boolean;
  readonly reporter?: readonly ReporterChoice[];
  readonly jobs?: number;
  readonly filter?: RegExp;
  readonly bail?: boolean;
  readonly retry: number;
  readonly repeat?: number;
  readonly keep?: boolean;
  readonly artifacts?: string;
}

export function testCommand(program: Command, cli: Invocation): void {
  program
    .command("test")
    .summary("bring labs up, check that they converge, and take them down: for CI")
    .argument("<files...>", "topology files, directories of them, and patterns such as 'labs/**/*.yaml'")
    .addOption(reporterOption())
    .addOption(countOption("-j, --jobs <number>", "how many labs may be up at once (one a processor)"))
    .addOption(filterOption())
    .option("--bail", "begin no other lab once one has not passed")
    .addOption(countOption("--retry <number>", "try a failed lab again so often", { least: 0 }).default(0))
    .addOption(countOption("--repeat <number>", "bring each lab up so often; the fastest time counts (1)"))
    .option("--save <file>", "keep how long each lab took, of 3 times, beside how fast the machine is")
    .option("--compare <file>", "fail a lab that takes longer than was kept there")
    .addOption(maxRegressionOption())
    .option("--keep", "leave failed labs up, to look at them")
    .option("--artifacts <directory>", "leave there what can be found out about each failed lab")
    .addOption(timeoutOption())
    .addOption(formatOption().conflicts("reporter"))
    .addOption(quietOption())
    .addOption(checksOption())
    .addOption(replaceKindOption())
    .addOption(runtimeOption())
    .action((files: string[], flags: TestFlags) => runOrBlame(files, flags, cli));
}

function reporterOption(): Option {
  const names = reporterNames.join(", ");
  return new Option(
    "--reporter <name[=file]>",
    `how to tell the results, and where (standard output): ${names}; may be repeated`,
  ).argParser<readonly ReporterChoice[]>((text, earlier = []) => {
    const [, name, file] = /^(\w+)(?:=(.+))?$/.exec(text) ?? [];
    const known = reporterNames.find((one) => one === name);
    if (known === undefined) throw new InvalidArgumentError(`There are ${names}.`);
    return [...earlier, { name: known, file }];
  });
}

function filterOption(): Option {
  return new Option(
    "--filter <pattern>",
    "only labs whose name or file the regular expression matches",
  ).argParser((text) => {
    try {
      return new RegExp(text);
    } catch {
      throw new InvalidArgumentError("Give a regular expression such as '^ring-'.");
    }
  });
}

/** Here 1 is for labs alone: what else fails, such as writing a report, is the machine's fault. */
async function runOrBlame(paths: readonly string[], flags: TestFlags, cli: Invocation): Promise<void> {
  try {
    await run(paths, flags, cli);
  } catch (error) {
    if (exitOf(error) !== Exit.failed) throw error;
    errorLines(error).forEach(cli.err);
    cli.finish(Exit.machine);
  } finally {
    cli.live(undefined);
  }
}

async function run(paths: readonly string[], flags: TestFlags, cli: Invocation): Promise<void> {
  const [{ findTopologyFiles }, { runTests }, { availableParallelism }] = await Promise.all([
    import("../../lab/test-files.ts"),
    import("../../lab/test-run.ts"),
    import("node:os"),
  ]);
  const files = await findTopologyFiles(paths);
  const choices = reporterChoices(flags, cli);
  using reports = new Reports(choices, cli.out);
  const times = await prepareTimes(flags, cli);
  const live = new LiveLine();
  const { retry, filter, keep = false, bail = false, artifacts, timeout: timeoutMs } = flags;
  const results = await runTests(
    files,
    {
      ...{ retry, filter, keep, bail, artifacts, timeoutMs },
      // Labs that are up at once cost each other time.
      jobs: flags.jobs ?? (times === undefined ? availableParallelism() : 1),
      repeat: flags.repeat ?? (times === undefined ? 1 : 3),
      read: readOptions(flags, cli),
      routes: choices.some(({ name }) => name.startsWith("json")) ? Number.POSITIVE_INFINITY : printedRows,
      judge: times?.judge ?? (() => []),
      emit: (event) => {
        if (!flags.quiet) cli.live(live.after(event));
        if (!flags.quiet && event.type === "progress") cli.err(event.text);
        reports.tell(event);
      },
      complain: (error) => errorLines(error).forEach(cli.err),
      signal: cli.signal,
    },
    cli,
  );
  cli.signal.throwIfAborted();
  if (results.length === 0) {
    throw new UsageError("the filter lets no lab through", { hint: "it is held against names and files" });
  }
  await times?.save(results);
  cli.finish(exitOfTests(results));
}

function reporterChoices(flags: TestFlags, { variables }: Invocation): ReporterChoice[] {
  const fallback: ReporterName = flags.format === "json" ? "json" : "human";
  const chosen = flags.reporter ?? [{ name: fallback, file: undefined }];
  const file = variables["GITHUB_STEP_SUMMARY"];
  const github = chosen.some(({ name }) => name === "github") && file !== undefined && file !== "";
  return github ? [...chosen, { name: "markdown", file, append: true }] : [...chosen];
}
