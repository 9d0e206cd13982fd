import { InvalidArgumentError, Option } from "commander";
import type { TestLabOptions } from "../../lab/test-lab.ts";
import { compareTimes, timesOf } from "../../report/convergence-times.ts";
import type { LabResult } from "../../report/reporters/event.ts";
import type { Invocation } from "../cli.ts";
import { UsageError } from "../exit.ts";
import { writeResult } from "../result.ts";

/** What the user wants of convergence times. */
export interface TimesFlags {
  readonly save?: string;
  readonly compare?: string;
  /** 0.2 for 20 %. */
  readonly maxRegression?: number;
}

/** How much slower a lab may become unless the user says so. */
const usualRegression = 0.2;

export function maxRegressionOption(): Option {
  return new Option("--max-regression <percent>", "how much slower a lab may have become (20%)").argParser(
    (text) => {
      const [, number] = /^(\d{1,4}(?:\.\d+)?)\s*%$/.exec(text) ?? [];
      if (number === undefined) throw new InvalidArgumentError("Give a percentage such as 20%.");
      return Number(number) / 100;
    },
  );
}

/** What convergence times ask of a test run. */
export interface TimesRun {
  readonly judge: TestLabOptions["judge"];
  /** Keeps the times, if they are to be kept. */
  save(results: readonly LabResult[]): Promise<void>;
}

/** Measures the machine, and reads what to compare with; undefined if the user wants neither. @throws {UsageError} @throws {LabError} */
export async function prepareTimes(flags: TimesFlags, cli: Invocation): Promise<TimesRun | undefined> {
  const { save, compare, maxRegression } = flags;
  if (maxRegression !== undefined && compare === undefined) {
    throw new UsageError("--max-regression has nothing to compare with", {
      hint: "give --compare FILE, too",
    });
  }
  if (save === undefined && compare === undefined) return undefined;
  const [{ calibrate }, { readTimes }] = await Promise.all([
    import("../../lab/calibrate.ts"),
    import("../../lab/saved-times.ts"),
  ]);
  const saved = compare === undefined ? undefined : await readTimes(compare);
  const calibrationMs = await calibrate({ signal: cli.signal }, await cli.environment());
  const limit = { maxRegression: maxRegression ?? usualRegression };
  return {
    judge: ({ name, convergedAfterMs }) => {
      if (saved === undefined || convergedAfterMs === null) return [];
      const now = { calibrationMs, labs: { [name]: convergedAfterMs } };
      const check = compareTimes(name, { now, saved }, limit);
      if (check === undefined) cli.err(`${name} has no time in ${compare} to compare with`);
      return check === undefined ? [] : [check];
    },
    save: async (results) => {
      if (save === undefined) return;
      await writeResult(
        `${JSON.stringify(timesOf(results, calibrationMs), undefined, 2)}\n`,
        { file: save },
        cli,
      );
    },
  };
}
