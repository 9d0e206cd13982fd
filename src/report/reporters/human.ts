import { unreachable } from "../../std/errors.ts";
import { count } from "../count.ts";
import { labLines } from "../lab-lines.ts";
import { stepLine } from "../step-lines.ts";
import { summary } from "../summary.ts";
import type { LabOutcome, LabResult, Reporter } from "./event.ts";
import { titleOf } from "./event.ts";
import { seconds, tally } from "./tally.ts";

/**
 * For people: a line of each step as it ends, all of a lab that failed or is the only one, a line of any other, and at last how many passed.
 *
 * @param options.rows how many rows of each table to print
 */
export function humanReporter({ rows }: { rows: number }): Reporter {
  return (event) => {
    switch (event.type) {
      case "plan":
      case "begin":
      case "progress":
        return [];
      case "step":
        return [`${event.lab.lab}: ${stepLine(event.step)}`];
      case "lab":
        return labEnd(event.result, { rows, single: event.total === 1 });
      case "end":
        if (event.results.length === 1) return [];
        return ["", `${tally(event.results)}, in ${seconds(event.durationMs)} s`];
      default:
        return unreachable(event);
    }
  };
}

function labEnd(result: LabResult, { rows, single }: { rows: number; single: boolean }): string[] {
  const { report, outcome, checks, failures } = result;
  if (report === null) return single ? [] : [`${titleOf(result)}: ${unmade[outcome]}`];
  const again =
    outcome === "passed" && failures > 0 ? [`${report.name} failed ${count(failures, "time")} before`] : [];
  const other = report.converged ? checks.filter(({ passed }) => !passed) : [];
  const judged = other.flatMap(({ name, reasons }) => [
    `not so: ${name}`,
    ...reasons.map((why) => `  ${why}`),
  ]);
  if (outcome === "passed" && !single) return [summary(report), ...again];
  return [...labLines(report, { format: "table", rows }), ...judged, ...again, ...whereabouts(result)];
}

/** What became of a lab that there is no report of. */
const unmade: Readonly<Record<LabOutcome, string>> = {
  passed: "passed",
  failed: "a router's process ended while it was coming up",
  invalid: "the file is wrong",
  broken: "cannot be made here",
  interrupted: "interrupted",
  skipped: "skipped",
};

/** Where there is more to see. */
function whereabouts({ lab, kept, artifacts }: LabResult): string[] {
  return [
    ...(artifacts === null ? [] : [`artifacts: ${artifacts}`]),
    ...(kept ? [`${lab} is still up: fe80 inspect ${lab} shows it, fe80 down ${lab} takes it down`] : []),
  ];
}
