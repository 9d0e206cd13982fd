import type { RouteStatus } from "../bgp/control/status.ts";
import { awaitConvergence } from "../lab/converged.ts";
import { down as takeDown } from "../lab/down.ts";
import type { Environment } from "../lab/environment.ts";
import { inspect } from "../lab/inspect.ts";
import { runningRouter } from "../lab/names.ts";
import { readPlan } from "../lab/topology-file.ts";
import { up as bringUp } from "../lab/up.ts";
import type { LabReport, SessionReport } from "../report/lab-report.ts";
import { problemLines, summary } from "../report/summary.ts";
import type { Captured } from "../runtime/runtime.ts";
import { LabError } from "../std/errors.ts";
import { machineEnvironment } from "./machine.ts";

export interface UpOptions {
  /** Ends the work on the lab, and takes it down if it is just coming up. */
  readonly signal?: AbortSignal;
  /** How long its routers may take to answer; the file's `within` unless given. */
  readonly timeoutMs?: number;
}

export type ExecResult = Captured;

/** The lab is not as its file expects, and the time is up; the message says all that is wrong. */
export class NotConvergedError extends LabError {
  readonly code = "LAB_NOT_CONVERGED";
  readonly report: LabReport;

  constructor(report: LabReport) {
    super([summary(report), ...problemLines(report.problems)].join("\n"));
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
  const { signal = new AbortController().signal, timeoutMs } = options;
  const plan = await readPlan(file, environment.directories);
  const progress = () => {};
  const { outcome, report } = await bringUp(
    plan,
    { until: "answering", ifRunning: "refuse", isolate: false, timeoutMs, progress, signal },
    environment,
  );
  signal.throwIfAborted();
  const lab = labOf({ name: plan.lab, routers: plan.nodes.map(({ name }) => name) }, { signal, environment });
  if (outcome === "reached") return lab;
  await lab.down();
  throw new NotConvergedError(report);
}

function labOf(
  { name, routers }: Pick<Lab, "name" | "routers">,
  { signal, environment }: { signal: AbortSignal; environment: Environment },
): Lab {
  const look = () => inspect(name, { signal }, environment);
  const down = async () => {
    for await (const _ of takeDown(name, environment));
  };
  const find = (router: string) => runningRouter({ lab: name, router }, environment);
  return {
    name,
    routers,
    converged: async ({ withinMs } = {}) => {
      const report = await awaitConvergence(name, { timeoutMs: withinMs, signal }, environment);
      if (report.converged) return report;
      throw new NotConvergedError(report);
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
