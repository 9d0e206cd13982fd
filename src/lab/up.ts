import { Convergence } from "../checks/convergence.ts";
import type { Plan } from "../plan/plan.ts";
import { count } from "../report/count.ts";
import { createLabReport, type LabReport } from "../report/lab-report.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { Cleanup } from "../std/cleanup.ts";
import { Crew } from "./crew.ts";
import { removeLab } from "./down.ts";
import type { Environment } from "./environment.ts";
import { InterruptedError } from "./errors.ts";
import { claimDirectory, daemonsFor, writeRecord } from "./lab-directory.ts";
import { lockLab } from "./lock.ts";
import { preflight, refuseRunning } from "./preflight.ts";
import { type WaitOutcome, watchUntil } from "./watch.ts";

export interface UpOptions {
  /** `"converged"`, or only until every daemon answers. */
  readonly until: "converged" | "answering";
  /** A lab of that name is taken away first. */
  readonly reconfigure: boolean;
  /** Each router has a process of its own. */
  readonly isolate: boolean;
  /** The plan's own unless given. */
  readonly timeoutMs: number | undefined;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

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
  await writeRecord(plan, environment);

  const crew = new Crew(runtime, { lab: plan.lab, daemons: daemonsFor(plan, environment) });
  const convergence = new Convergence(plan);
  const outcome = await crew.whileRunning(options.signal, async (signal) => {
    await make(plan, { ...options, crew, signal }, runtime);
    return await settle(plan, { ...options, crew, convergence, signal }, environment);
  });
  if (outcome !== "interrupted") {
    undo.keep();
    crew.release();
  }
  const facts = { verdict: convergence.verdict(clock.now()), status: convergence.status() };
  return { outcome, report: createLabReport({ plan, ...facts, startedAtMs }) };
}

/** Makes the network while those daemons load that can do so without it, and gives all of them their input. */
async function make(
  plan: Plan,
  { crew, progress, signal }: MakeOptions & { readonly crew: Crew },
  runtime: Runtime,
): Promise<void> {
  crew.start(({ netns }) => netns === undefined);
  await runtime.plumb(plan, { signal });
  crew.start(({ netns }) => netns !== undefined);
  crew.feed();
  const links = plan.links.length + plan.segments.length;
  progress(`${plan.lab}: ${count(plan.nodes.length, "router")} and ${count(links, "link")} made`);
}

async function settle(
  plan: Plan,
  options: MakeOptions & { readonly crew: Crew; readonly convergence: Convergence },
  environment: Environment,
): Promise<UpResult["outcome"]> {
  const { convergence, crew, until, signal } = options;
  const timeoutMs = options.timeoutMs ?? plan.expectation.withinMs;
  const dueAtMs = () => (until === "converged" ? convergence.settlesAtMs : convergence.answeredAtMs);
  try {
    return await watchUntil({ daemons: crew.daemons, convergence, dueAtMs, timeoutMs, signal }, environment);
  } catch (error) {
    if (signal.reason instanceof InterruptedError) return "interrupted";
    throw error;
  }
}
