import type { Problem } from "../checks/problems.ts";
import type { Place } from "../plan/plan.ts";
import { count } from "./count.ts";
import type { LabReport } from "./lab-report.ts";

/** How many problems of a type are told in full. */
const shown = 20;

/** The one line that says it all, e.g. `"seed-pair converged in 184 ms: 2 of 2 sessions Established, 8 of 8 routes"`. */
export function summary(report: LabReport): string {
  const { sessions, routes } = report.expected;
  const after = report.convergedAfterMs === null ? "" : ` in ${report.convergedAfterMs} ms`;
  const outcome = report.converged ? `converged${after}` : "has not converged";
  const tally = `${sessions.met} of ${sessions.expected} sessions Established, ${routes.met} of ${routes.expected} routes`;
  return `${report.name} ${outcome}: ${tally}`;
}

/** Everything that is missing and why, router by router, session by session, route by route. */
export function problemLines(problems: readonly Problem[]): string[] {
  const types = ["lab", "router", "session", "route", "check"] as const;
  return types.flatMap((type) => {
    const some = problems.filter((problem) => problem.type === type);
    const left = some.length - shown;
    return [
      ...some.slice(0, shown).flatMap(lines),
      ...(left > 0 ? [`... and ${count(left, `more ${type}`)} not as expected`] : []),
    ];
  });
}

/** As compilers write it: `lab.yaml:4:7`. */
export function formatPlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

function lines(problem: Problem): string[] {
  const { place, reason } = problem;
  const line = place ? `${formatPlace(place)}: ${reason}` : reason;
  if (problem.type !== "session") return [line];
  return [
    line,
    ...problem.history.map(({ time, from, to, event }) => `  ${time} ${from} -> ${to}: ${event}`),
  ];
}
