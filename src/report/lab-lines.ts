import { jsonLines } from "./json-lines.ts";
import type { LabReport } from "./lab-report.ts";
import { lateLines } from "./process-lines.ts";
import { problemLines, summary } from "./summary.ts";
import { tables } from "./tables.ts";
import { causeLines } from "./why-lines.ts";

interface Options {
  readonly format: "table" | "json";
  /** How many rows of each table to print; all unless given. JSON is always whole. */
  readonly rows?: number;
}

/** A lab for people, with the verdict as the last line, or for programs, where each line is made when it is asked for. */
export function labLines(report: LabReport, options: Options & { format: "table" }): string[];
export function labLines(report: LabReport, options: Options): Iterable<string>;
export function labLines(report: LabReport, { format, rows }: Options): Iterable<string> {
  if (format === "json") return jsonLines(report);
  const problems = [...problemLines(report.problems), ...causeLines(report.explanations)];
  return [
    ...tables(report, rows === undefined ? {} : { rows }),
    "",
    ...(problems.length === 0 ? [] : [...problems, ""]),
    ...lateLines(report.processes),
    summary(report),
  ];
}
