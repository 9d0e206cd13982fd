import { Convergence } from "../checks/convergence.ts";
import { createLabReport, type LabReport } from "../report/lab-report.ts";
import { awaitDetails } from "./details.ts";
import type { Environment } from "./environment.ts";
import { readRecord } from "./lab-directory.ts";
import { askForRoutes, MOST_ROUTES } from "./told-routes.ts";
import { watchUntil } from "./watch.ts";
import { explainProblems } from "./why.ts";

/**
 * Waits until a lab that is up has converged, or the time is up; its report says which, and why not.
 *
 * @param options.timeoutMs the plan's own if undefined @throws the signal's reason
 */
export async function awaitConvergence(
  lab: string,
  { timeoutMs, signal }: { timeoutMs: number | undefined; signal: AbortSignal },
  environment: Environment,
): Promise<LabReport> {
  const { clock } = environment;
  const startedAtMs = clock.now();
  const { plan, daemons } = await readRecord(lab, environment);
  const limitMs = timeoutMs ?? plan.expectation.withinMs;
  const convergence = new Convergence(plan);
  const dueAtMs = () => convergence.settlesAtMs;
  await watchUntil({ daemons, convergence, dueAtMs, timeoutMs: limitMs, signal }, environment);
  const asked = { plan, daemons, environment, signal };
  await askForRoutes(convergence.digested, MOST_ROUTES, { ...asked, convergence }, environment);
  const seen = convergence.verdict(clock.now());
  const problems = seen.converged ? await awaitDetails(asked, startedAtMs + limitMs) : seen.problems;
  const converged = problems.length === 0;
  const convergedAtMs = converged ? seen.convergedAtMs : null;
  const verdict = { ...seen, converged, convergedAtMs, problems };
  const explanations = await explainProblems(asked, problems);
  return createLabReport({ plan, verdict, status: convergence.status(), startedAtMs, explanations });
}
