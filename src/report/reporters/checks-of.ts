import { checkName } from "../../checks/expect/check-name.ts";
import { needsDetail } from "../../checks/expect/detail-check.ts";
import type { Problem } from "../../checks/problems.ts";
import type { Check, Plan } from "../../plan/plan.ts";
import { count } from "../count.ts";
import type { LabReport } from "../lab-report.ts";
import { stepReasons } from "../step-lines.ts";
import type { StepReport } from "../step-report.ts";
import { formatPlace, problemLines, summary } from "../summary.ts";
import { causeLines } from "../why-lines.ts";
import type { CheckResult } from "./event.ts";

/** What was proven of a lab by its steps, one check each. */
export function stepChecks(steps: readonly StepReport[]): CheckResult[] {
  return steps.map((step, index) => {
    const { name, passed, place, durationMs } = step;
    return { name: `step ${index + 1}: ${name}`, passed, reasons: stepReasons(step), place, durationMs };
  });
}

/** What was proven of a lab: that it converged as a whole, each router's part in it, and what else the file asks for. */
export function checksOf(plan: Plan, report: LabReport, { withinMs }: { withinMs: number }): CheckResult[] {
  const problems = Map.groupBy(
    report.problems.filter((problem) => !isPlaced(problem)),
    (problem) => (problem.type === "lab" ? undefined : problem.router),
  );
  const sessions = Map.groupBy(plan.expectation.sessions, ({ router }) => router);
  const routes = Map.groupBy(plan.expectation.routes, ({ router }) => router);
  const { converged, explanations } = report;
  const first = report.problems.find(({ place }) => place)?.place;
  const whole = problemLines(problems.get(undefined) ?? []);
  return [
    {
      name: `${plan.lab} converges within ${withinMs / 1000} s`,
      passed: converged,
      reasons: converged ? [] : [...causeLines(explanations), ...whole, summary(report)],
      ...(first && { place: first }),
    },
    ...plan.nodes.map(({ name }) => {
      const own = problems.get(name) ?? [];
      const parts = [
        count(sessions.get(name)?.length ?? 0, "session"),
        count(routes.get(name)?.length ?? 0, "route"),
      ];
      const expected = `${name} has ${parts.join(" and ")} as expected`;
      const place = own.find(({ place }) => place)?.place ?? plan.places[name];
      return { name: expected, ...judged(own, causesFor(name, report)), ...(place && { place }) };
    }),
    ...writtenChecks(plan.expectation.checks ?? [], report),
  ];
}

/** Why something is not as it must be: what is in its way, and what was found. */
function judged(
  problems: readonly Problem[],
  causes: readonly string[],
): Pick<CheckResult, "passed" | "reasons"> {
  const passed = problems.length === 0;
  return { passed, reasons: passed ? [] : [...causes, ...problemLines(problems)] };
}

/** What is known to be in the way of a router; that of others may be what its own troubles follow from. */
function causesFor(router: string, { explanations }: LabReport): string[] {
  const own = explanations.filter(({ routers }) => routers.includes(router));
  return causeLines(own.length > 0 ? own : explanations.slice(0, 1));
}

type PlacedProblem = Extract<Problem, { type: "check" }> & Required<Pick<Check, "place">>;

const isPlaced = (problem: Problem): problem is PlacedProblem =>
  problem.type === "check" && problem.place !== undefined;

/** One for each place of the file that asks for something. */
function writtenChecks(checks: readonly Check[], report: LabReport): CheckResult[] {
  const { converged, problems } = report;
  const wrong = Map.groupBy(problems.filter(isPlaced), ({ place }) => formatPlace(place));
  const places = Map.groupBy(checks, ({ place }) => place && formatPlace(place));
  return Array.from(places, ([at, [first, ...others]]): CheckResult | undefined => {
    if (!first?.place) return undefined;
    const own = wrong.get(at ?? "") ?? [];
    // What nobody tells unasked is only looked at once all else is as it should be.
    if (own.length === 0 && !converged && needsDetail(first)) return undefined;
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    const name = `${checkName(first)}${more} as the file asks`;
    return { name, ...judged(own, causesFor(first.router, report)), place: first.place };
  }).filter((result) => result !== undefined);
}
