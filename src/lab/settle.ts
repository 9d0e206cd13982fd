import type { Convergence, Verdict } from "../checks/convergence.ts";
import type { Problem } from "../checks/problems.ts";
import type { Explanation } from "../checks/why/explanation.ts";
import type { Plan } from "../plan/plan.ts";
import { createLabReport, type LabReport } from "../report/lab-report.ts";
import { leftInBudget, overBudget } from "./budget.ts";
import type { Crew } from "./crew.ts";
import type { Environment } from "./environment.ts";
import { InterruptedError } from "./errors.ts";
import { readProcesses } from "./processes.ts";
import { askForRoutes } from "./told-routes.ts";
import { type WaitOutcome, watchUntil } from "./watch.ts";
import type { Asked } from "./why-facts.ts";

export interface SettleOptions {
  /** `"converged"`, or only until every daemon answers. */
  readonly until: "converged" | "answering";
  /** The plan's own unless given. */
  readonly timeoutMs: number | undefined;
  /** How many routes the report should have at least, if there are so many; none unless given. */
  readonly routes?: number;
  readonly signal: AbortSignal;
}

/** A lab on its way to what its plan says. */
export interface Coming {
  readonly plan: Plan;
  readonly crew: Crew;
  readonly convergence: Convergence;
  readonly startedAtMs: number;
}

export interface UpResult {
  readonly outcome: WaitOutcome | "interrupted";
  readonly report: LabReport;
}

/** Routes of routers that do not have what is expected are looked at one by one up to about so many. */
const explainedRoutes = 20_000;

/** Waits until a lab is there, or the time is up. @throws the signal's reason, but for an interruption */
export async function settle(
  coming: Coming,
  options: SettleOptions,
  environment: Environment,
): Promise<UpResult["outcome"]> {
  const { plan, convergence, crew } = coming;
  const { until, signal } = options;
  const elapsedMs = environment.clock.now() - coming.startedAtMs;
  const leftMs = until === "converged" ? leftInBudget(plan.expectation, elapsedMs) : Number.POSITIVE_INFINITY;
  const timeoutMs = Math.min(options.timeoutMs ?? plan.expectation.withinMs, leftMs);
  const dueAtMs = () => (until === "converged" ? convergence.settlesAtMs : convergence.answeredAtMs);
  try {
    return await watchUntil({ daemons: crew.daemons, convergence, dueAtMs, timeoutMs, signal }, environment);
  } catch (error) {
    if (signal.reason instanceof InterruptedError) return "interrupted";
    throw error;
  }
}

/** What is to be told of a lab that was waited for. */
export async function conclude(
  coming: Coming,
  options: SettleOptions & Pick<UpResult, "outcome">,
  environment: Environment,
): Promise<UpResult> {
  const { plan, crew, convergence, startedAtMs } = coming;
  const asked = { plan, daemons: crew.daemons, environment, signal: options.signal };
  const { outcome, verdict } = await judge(coming, { ...options, asked });
  const explanations = outcome === "timeout" ? await explain(asked, verdict.problems) : [];
  await askForRoutes(convergence.digested, options.routes ?? 0, { ...asked, convergence }, environment);
  const processes = await readProcesses(crew.daemons, environment, options.signal);
  const facts = { verdict, status: convergence.status(), explanations, processes };
  return { outcome, report: createLabReport({ plan, ...facts, startedAtMs }) };
}

/** Has the last word on a lab that has converged as far as it tells by itself: what must be asked for, and the time that it took. */
async function judge(
  { convergence, startedAtMs }: Coming,
  { asked, outcome, ...options }: SettleOptions & Pick<UpResult, "outcome"> & { readonly asked: Asked },
): Promise<{ outcome: UpResult["outcome"]; verdict: Verdict }> {
  const { environment, plan } = asked;
  if (outcome === "timeout") {
    const asking = { ...asked, convergence };
    await askForRoutes(convergence.digested, explainedRoutes, asking, environment);
  }
  const nowMs = environment.clock.now();
  const verdict = convergence.verdict(nowMs);
  if (options.until !== "converged" || outcome === "interrupted") return { outcome, verdict };
  const { convergedAtMs } = verdict;
  const convergedAfterMs = convergedAtMs === null ? null : convergedAtMs - startedAtMs;
  const pace = { convergedAfterMs, elapsedMs: nowMs - startedAtMs };
  const late = overBudget("the lab", plan.expectation, pace);
  if (outcome === "timeout") {
    return { outcome, verdict: { ...verdict, problems: [...late, ...verdict.problems] } };
  }
  const deadlineMs = startedAtMs + (options.timeoutMs ?? plan.expectation.withinMs);
  const problems = [...late, ...(await missingDetails(asked, deadlineMs))];
  if (problems.length === 0) return { outcome, verdict };
  return { outcome: "timeout", verdict: { ...verdict, converged: false, convergedAtMs: null, problems } };
}

async function missingDetails(asked: Asked, deadlineMs: number): Promise<Problem[]> {
  if (asked.plan.expectation.checks === undefined) return [];
  return await (await import("./details.ts")).awaitDetails(asked, deadlineMs);
}

async function explain(asked: Asked, problems: readonly Problem[]): Promise<Explanation[]> {
  return await (await import("./why.ts")).explainProblems(asked, problems);
}
