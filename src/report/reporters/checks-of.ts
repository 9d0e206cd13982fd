import type { Plan } from "../../plan/plan.ts";
import { count } from "../count.ts";
import type { LabReport } from "../lab-report.ts";
import { stepReasons } from "../step-lines.ts";
import type { StepReport } from "../step-report.ts";
import { problemLines, summary } from "../summary.ts";
import { causeLines } from "../why-lines.ts";
import type { CheckResult } from "./event.ts";

/** What was proven of a lab by its steps, one check each. */
export function stepChecks(steps: readonly StepReport[]): CheckResult[] {
  return steps.map((step, index) => {
    const { name, passed, place, durationMs } = step;
    return { name: `step ${index + 1}: ${name}`, passed, reasons: stepReasons(step), place, durationMs };
  });
}

/** What was proven of a lab: that it converged as a whole, and then each router's part in it. */
export function checksOf(plan: Plan, report: LabReport, { withinMs }: { withinMs: number }): CheckResult[] {
  const problems = Map.groupBy(report.problems, (problem) =>
    problem.type === "lab" ? undefined : problem.router,
  );
  const sessions = Map.groupBy(plan.expectation.sessions, ({ router }) => router);
  const routes = Map.groupBy(plan.expectation.routes, ({ router }) => router);
  const whole = problemLines(problems.get(undefined) ?? []);
  return [
    {
      name: `${plan.lab} converges within ${withinMs / 1000} s`,
      passed: report.converged,
      reasons: report.converged ? [] : [...whole, ...causeLines(report.explanations), summary(report)],
    },
    ...plan.nodes.map(({ name }) => {
      const own = problems.get(name) ?? [];
      const parts = [
        count(sessions.get(name)?.length ?? 0, "session"),
        count(routes.get(name)?.length ?? 0, "route"),
      ];
      const expected = `${name} has ${parts.join(" and ")} as expected`;
      return { name: expected, passed: own.length === 0, reasons: problemLines(own) };
    }),
  ];
}
