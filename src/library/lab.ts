import type { RouteStatus } from "../bgp/control/status.ts";
import { awaitConvergence } from "../lab/converged.ts";
import { down as takeDown } from "../lab/down.ts";
import type { Environment } from "../lab/environment.ts";
import { inspect } from "../lab/inspect.ts";
import { runningRouter } from "../lab/names.ts";
import { Stepper } from "../lab/steps/stepper.ts";
import { readPlan } from "../lab/topology-file.ts";
import { up as bringUp } from "../lab/up.ts";
import type { LabReport, SessionReport } from "../report/lab-report.ts";
import { stepLine, stepReasons } from "../report/step-lines.ts";
import type { StepReport } from "../report/step-report.ts";
import { problemLines, summary } from "../report/summary.ts";
import { causeLines } from "../report/why-lines.ts";
import type { Captured } from "../runtime/runtime.ts";
import { LabError } from "../std/errors.ts";
import { machineEnvironment } from "./machine.ts";

export interface UpOptions {
  /** Ends the work on the lab, and takes it down if it is just coming up. */
  readonly signal?: AbortSignal;
  /** How long its routers may take to answer; the file's `within` unless given. */
  readonly timeoutMs?: number;
  /** Each router has a process of its own, so that steps may do something to it; without it, if the file has such steps. */
  readonly isolate?: boolean;
}

/** A step in the words of a topology file; docs/steps.md lists them. */
export type Step = Readonly<Record<string, unknown>>;

export type ExecResult = Captured;

/** The lab is not as its file expects, and the time is up; the message says all that is wrong. */
export class NotConvergedError extends LabError {
  readonly code = "LAB_NOT_CONVERGED";
  readonly report: LabReport;

  constructor(report: LabReport) {
    super([summary(report), ...causeLines(report.explanations), ...problemLines(report.problems)].join("\n"));
    this.report = report;
  }
}

/** A lab has not come to what must be true after a step; the message says all that is wrong. */
export class StepFailedError extends LabError {
  readonly code = "STEP_FAILED";
  readonly report: StepReport;

  constructor(report: StepReport) {
    super([stepLine(report), ...stepReasons(report)].join("\n"));
    this.report = report;
  }
}

/** A lab that is up. Disposing of it takes it down. */
export interface Lab extends AsyncDisposable {
  readonly name: string;
  readonly routers: readonly string[];
  /**
   * Waits until everything is as the topology expects.
   *
   * @param options.withinMs how long that may take; the file's own unless given @throws {NotConvergedError}
   */
  converged(options?: { withinMs?: number }): Promise<LabReport>;
  /**
   * Waits until the lab has converged, if nothing was done to it yet, and takes steps: after each of them it must come to what is
   * left of it.
   *
   * @param steps those of the file unless given @throws {StepFailedError} {@link NotConvergedError}, or what is wrong with a step
   */
  steps(steps?: readonly Step[]): Promise<readonly StepReport[]>;
  /** What the lab is like now, whatever that is. */
  inspect(): Promise<LabReport>;
  /** The sessions of a router, or of all, as they are now. @throws {LabError} if there is no such router */
  sessions(router?: string): Promise<readonly SessionReport[]>;
  /** The best routes of a router as they are now. @throws {LabError} if there is no such router */
  routes(router: string): Promise<readonly RouteStatus[]>;
  /** Runs a program in a router; that it fails is a result. @throws {LabError} if there is no such router or program */
  exec(router: string, command: readonly [program: string, ...args: string[]]): Promise<ExecResult>;
  /** Takes the lab down; safe to repeat. */
  down(): Promise<void>;
}

/**
 * Brings the lab of a topology file up, until all of its routers answer. Needs Linux and root.
 *
 * @throws {LabError} if the file is wrong, or the lab cannot be made; nothing of it is left then
 */
export async function up(file: string, options: UpOptions = {}): Promise<Lab> {
  return await upIn(await machineEnvironment(), file, options);
}

/** The same on a machine of the caller's choice. */
export async function upIn(environment: Environment, file: string, options: UpOptions = {}): Promise<Lab> {
  const { signal = new AbortController().signal, timeoutMs, isolate = false } = options;
  const plan = await readPlan(file, environment.directories);
  const progress = () => {};
  const { outcome, report } = await bringUp(
    plan,
    { until: "answering", ifRunning: "refuse", isolate, timeoutMs, progress, signal },
    environment,
  );
  signal.throwIfAborted();
  const routers = plan.nodes.map(({ name }) => name);
  const lab = labOf({ name: plan.lab, routers, file }, { signal, environment });
  if (outcome === "reached") return lab;
  await lab.down();
  throw new NotConvergedError(report);
}

function labOf(
  { name, routers, file }: Pick<Lab, "name" | "routers"> & { readonly file: string },
  { signal, environment }: { signal: AbortSignal; environment: Environment },
): Lab {
  const look = () => inspect(name, { signal }, environment);
  const stepper = new Stepper({ lab: name, file }, { signal, environment });
  const converged: Lab["converged"] = async ({ withinMs } = {}) => {
    const report = await awaitConvergence(name, { timeoutMs: withinMs, signal }, environment);
    if (report.converged) return report;
    throw new NotConvergedError(report);
  };
  const down = async () => {
    await stepper[Symbol.asyncDispose]();
    for await (const _ of takeDown(name, environment));
  };
  const find = (router: string) => runningRouter({ lab: name, router }, environment);
  return {
    name,
    routers,
    converged,
    steps: async (steps) => {
      if (!stepper.hasBegun) await converged();
      const reports: StepReport[] = [];
      for await (const report of stepper.take(steps)) {
        reports.push(report);
        if (!report.passed) throw new StepFailedError(report);
      }
      return reports;
    },
    inspect: look,
    sessions: async (router) => {
      if (router !== undefined) await find(router);
      const { sessions } = await look();
      return sessions.filter((session) => router === undefined || session.router === router);
    },
    routes: async (router) => {
      await find(router);
      const { routes } = await look();
      return routes.filter((route) => route.router === router);
    },
    exec: async (router, command) => environment.runtime.capture(await find(router), command, { signal }),
    down,
    [Symbol.asyncDispose]: down,
  };
}
