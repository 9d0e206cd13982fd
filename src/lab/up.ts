import { Convergence, type Verdict } from "../checks/convergence.ts";
import type { Problem } from "../checks/problems.ts";
import type { Plan } from "../plan/plan.ts";
import { count } from "../report/count.ts";
import { createLabReport, type LabReport } from "../report/lab-report.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { Cleanup } from "../std/cleanup.ts";
import { Crew } from "./crew.ts";
import { awaitDetails } from "./details.ts";
import { removeLab } from "./down.ts";
import type { Environment } from "./environment.ts";
import { InterruptedError } from "./errors.ts";
import { claimDirectory, daemonsFor, writeRecord } from "./lab-directory.ts";
import { lockLab } from "./lock.ts";
import { preflight, refuseRunning } from "./preflight.ts";
import { noteStart } from "./start-time.ts";
import { askForRoutes } from "./told-routes.ts";
import { type WaitOutcome, watchUntil } from "./watch.ts";
import { explainProblems } from "./why.ts";
import type { Asked } from "./why-facts.ts";

export interface UpOptions {
  /** `"converged"`, or only until every daemon answers. */
  readonly until: "converged" | "answering";
  /** A lab of that name is taken away first. */
  readonly reconfigure: boolean;
  /** Each router has a process of its own. */
  readonly isolate: boolean;
  /** The plan's own unless given. */
  readonly timeoutMs: number | undefined;
  /** How many routes the report should have at least, if there are so many; none unless given. */
  readonly routes?: number;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  /** Has a last look at a lab that did not come up, before it is taken away; must not throw. */
  readonly salvage?: () => Promise<void>;
}

/** Routes of routers that do not have what is expected are looked at one by one up to about so many. */
const explainedRoutes = 20_000;

type MakeOptions = Omit<UpOptions, "reconfigure" | "isolate">;

export interface UpResult {
  /** Only a lab whose `up` was interrupted is taken away again. */
  readonly outcome: WaitOutcome | "interrupted";
  readonly report: LabReport;
}

/**
 * Makes a lab, all or nothing, and waits until it has converged, or the time is up.
 *
 * @throws {LabError} if it could not be made, or a daemon ended; nothing of it is left then
 */
export async function up(plan: Plan, options: UpOptions, environment: Environment): Promise<UpResult> {
  await preflight(plan, environment);
  options.signal.throwIfAborted();
  using _ = lockLab({ lab: plan.lab, command: "up" }, environment.directories);
  if (options.reconfigure) await removeLab(plan.lab, environment.runtime);
  const processes = options.isolate ? "isolated" : environment.processes;
  return await makeLab(plan, options, { ...environment, processes });
}

/** The same for a caller that has the lab's lock. @throws {LabError} */
export async function makeLab(plan: Plan, options: MakeOptions, environment: Environment): Promise<UpResult> {
  const { clock, runtime, directories } = environment;
  const startedAtMs = clock.now();
  await refuseRunning(plan.lab, runtime);
  await using undo = new Cleanup();
  await claimDirectory(plan.lab, directories);
  undo.add(() => {
    options.progress(`${plan.lab}: taking away what was made`);
    return removeLab(plan.lab, runtime);
  });
  undo.add(async () => await options.salvage?.());
  await noteStart(plan.lab, environment);
  await writeRecord(plan, environment);

  const crew = new Crew(runtime, { lab: plan.lab, daemons: daemonsFor(plan, environment) });
  const convergence = new Convergence(plan);
  const outcome = await crew.whileRunning(options.signal, async (signal) => {
    await make(plan, { ...options, crew, signal }, runtime);
    const elapsedMs = clock.now() - startedAtMs;
    return await settle(plan, { ...options, crew, convergence, elapsedMs, signal }, environment);
  });
  if (outcome !== "interrupted") {
    undo.keep();
    crew.release();
  }
  const asked = { plan, daemons: crew.daemons, environment, signal: options.signal };
  const judged = await judge(convergence, { ...options, asked, outcome, startedAtMs });
  const { verdict } = judged;
  const explanations = judged.outcome === "timeout" ? await explainProblems(asked, verdict.problems) : [];
  await askForRoutes(convergence.digested, options.routes ?? 0, { ...asked, convergence }, environment);
  const facts = { verdict, status: convergence.status(), explanations };
  return { outcome: judged.outcome, report: createLabReport({ plan, ...facts, startedAtMs }) };
}

/** Has the last word on a lab that has converged as far as it tells by itself: what must be asked for, and the time that it took. */
async function judge(
  convergence: Convergence,
  {
    asked,
    outcome,
    startedAtMs,
    ...options
  }: MakeOptions & {
    readonly asked: Asked;
    readonly outcome: UpResult["outcome"];
    readonly startedAtMs: number;
  },
): Promise<{ outcome: UpResult["outcome"]; verdict: Verdict }> {
  const { environment, plan } = asked;
  const { withinMs, convergesWithinMs } = plan.expectation;
  if (outcome === "timeout") {
    const asking = { ...asked, convergence };
    await askForRoutes(convergence.digested, explainedRoutes, asking, environment);
  }
  const verdict = convergence.verdict(environment.clock.now());
  if (outcome !== "reached" || options.until !== "converged") return { outcome, verdict };
  const deadlineMs = startedAtMs + (options.timeoutMs ?? withinMs);
  const problems = [
    ...tooLate(verdict, { startedAtMs, budgetMs: convergesWithinMs }),
    ...(await awaitDetails(asked, deadlineMs)),
  ];
  if (problems.length === 0) return { outcome, verdict };
  return { outcome: "timeout", verdict: { ...verdict, converged: false, convergedAtMs: null, problems } };
}

function tooLate(
  { convergedAtMs }: Verdict,
  { startedAtMs, budgetMs }: { startedAtMs: number; budgetMs: number | undefined },
): Problem[] {
  if (budgetMs === undefined || convergedAtMs === null) return [];
  const tookMs = Math.round(convergedAtMs - startedAtMs);
  if (tookMs <= budgetMs) return [];
  return [{ type: "lab", reason: `the lab converged in ${tookMs} ms, and must do so within ${budgetMs} ms` }];
}

/** Makes the network while those daemons load that can do so without it, and gives all of them their input. */
async function make(
  plan: Plan,
  { crew, progress, signal }: MakeOptions & { readonly crew: Crew },
  runtime: Runtime,
): Promise<void> {
  crew.start(({ place }) => place.type === "machine");
  await runtime.plumb(plan, { signal });
  crew.start(({ place }) => place.type !== "machine");
  crew.feed();
  const links = plan.links.length + plan.segments.length;
  progress(`${plan.lab}: ${count(plan.nodes.length, "router")} and ${count(links, "link")} made`);
}

async function settle(
  plan: Plan,
  options: MakeOptions & {
    readonly crew: Crew;
    readonly convergence: Convergence;
    readonly elapsedMs: number;
  },
  environment: Environment,
): Promise<UpResult["outcome"]> {
  const { convergence, crew, until, signal } = options;
  const timeoutMs = Math.min(options.timeoutMs ?? plan.expectation.withinMs, longest(plan, options));
  const dueAtMs = () => (until === "converged" ? convergence.settlesAtMs : convergence.answeredAtMs);
  try {
    return await watchUntil({ daemons: crew.daemons, convergence, dueAtMs, timeoutMs, signal }, environment);
  } catch (error) {
    if (signal.reason instanceof InterruptedError) return "interrupted";
    throw error;
  }
}

/** How long a lab may still take that must have converged by a certain time, and then stay so. */
function longest(
  { expectation }: Plan,
  { until, elapsedMs }: { until: UpOptions["until"]; elapsedMs: number },
): number {
  const { convergesWithinMs, settleMs, forMs = 0 } = expectation;
  if (convergesWithinMs === undefined || until === "answering") return Number.POSITIVE_INFINITY;
  return Math.max(0, convergesWithinMs - elapsedMs) + Math.max(settleMs, forMs) + slackMs;
}

/** For timers that ring late. */
const slackMs = 50;
