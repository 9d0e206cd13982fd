import type { LabReport } from "./lab-report.ts";
import { problemLines, summary } from "./summary.ts";
import { tables } from "./tables.ts";

interface Options {
  readonly format: "table" | "json";
  /** How many rows of each table to print; all unless given. JSON is always whole. */
  readonly rows?: number;
}

/** A lab for people, with the verdict as the last line, or for programs. */
export function labLines(report: LabReport, { format, rows }: Options): string[] {
  if (format === "json") return [JSON.stringify(report, undefined, 2)];
  const problems = problemLines(report.problems);
  return [
    ...tables(report, rows === undefined ? {} : { rows }),
    "",
    ...(problems.length === 0 ? [] : [...problems, ""]),
    summary(report),
  ];
}

/** The labs of a test run, one after the other; in JSON an array of them. */
export function testLines(reports: readonly LabReport[], options: Options): string[] {
  if (options.format === "json") return [JSON.stringify(reports, undefined, 2)];
  return reports.flatMap((report, index) => [...(index === 0 ? [] : [""]), ...labLines(report, options)]);
}
