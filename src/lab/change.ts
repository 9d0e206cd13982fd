import { Convergence } from "../checks/convergence.ts";
import type { Daemon } from "../kinds/kind.ts";
import type { Spread } from "../kinds/spread.ts";
import { hasContainers } from "../plan/containers.ts";
import type { NetworkChange } from "../plan/difference.ts";
import { inherit } from "../plan/inherit.ts";
import type { LabChange, ProcessChange } from "../plan/lab-change.ts";
import type { Plan } from "../plan/plan.ts";
import { changeSummary } from "../report/change-lines.ts";
import type { DaemonName, Scope } from "../runtime/runtime.ts";
import { LabError } from "../std/errors.ts";
import { Crew } from "./crew.ts";
import type { Environment } from "./environment.ts";
import { InterruptedError, LabUnfinishedError } from "./errors.ts";
import { eitherOf, labDifference, type Manned } from "./lab-difference.ts";
import { daemonOf, daemonsFor, readRecord, writeRecord } from "./lab-directory.ts";
import { inTime } from "./probes.ts";
import { tellRouter } from "./reconfigure.ts";
import { conclude, type SettleOptions, settle, type UpResult } from "./settle.ts";

interface ChangeOptions extends SettleOptions {
  /** Each router gets a process of its own. */
  readonly isolate: boolean;
  readonly progress: (line: string) => void;
}

/** What there is of a lab, what there is to be, and the steps between. */
interface Comparison {
  readonly before: Manned & { readonly spread: Spread };
  readonly after: Manned;
  readonly changes: readonly LabChange[];
  /** The daemons that run. */
  readonly running: readonly DaemonName[];
  readonly scope: Scope;
  /** How records of both are written. */
  readonly own: Pick<Environment, "directories" | "processes"> & { readonly spread: Spread };
}

/**
 * Compares a lab with a plan, and touches nothing.
 *
 * @throws {LabIncompleteError} if the lab is not on record
 */
export async function compareLab(
  target: Plan,
  { isolate }: Pick<ChangeOptions, "isolate">,
  environment: Environment,
): Promise<Comparison> {
  const record = await readRecord(target.lab, environment);
  const { from } = record;
  const former = from ? eitherOf(record.plan, from.plan) : record.plan;
  const spread = from ? eitherPlace(record.spread, from.spread) : record.spread;
  const before = { plan: former, daemons: daemonsFor(former, { ...environment, ...record, spread }), spread };
  const { directories } = environment;
  const own = {
    directories,
    processes: isolate ? ("isolated" as const) : record.processes,
    spread: record.spread,
  };
  const plan = inherit(target, former);
  const after = { plan, daemons: daemonsFor(plan, { ...environment, ...own }) };
  const scope = { containers: [former, plan].some(hasContainers) };
  const found = await environment.runtime.survey(plan.lab, scope);
  const changes = labDifference({ before, after }, { found, sure: from === undefined });
  return { before, after, changes, running: found.daemons, scope, own };
}

/**
 * Changes a lab into what a plan says, and waits until it has converged, or the time is up; the caller has the lab's lock.
 *
 * @throws {LabUnfinishedError} what was done stays, and another try goes on from there; {@link DaemonEndedError}
 */
export async function changeLab(
  target: Plan,
  options: ChangeOptions,
  environment: Environment,
): Promise<UpResult> {
  const startedAtMs = environment.clock.now();
  const comparison = await compareLab(target, options, environment);
  const { plan, daemons } = comparison.after;
  const crew = new Crew(environment.runtime, { lab: plan.lab, daemons });
  const coming = { plan, crew, convergence: new Convergence(plan), startedAtMs };
  const outcome = await crew.whileRunning(options.signal, async (signal) => {
    await carryOut(comparison, { ...options, crew, signal }, environment);
    options.progress(`${plan.lab}: ${changeSummary(comparison.changes)}`);
    return await settle(coming, { ...options, signal }, environment);
  });
  crew.release();
  return await conclude(coming, { ...options, outcome }, environment);
}

type Work = Pick<ChangeOptions, "progress" | "signal"> & { readonly crew: Crew };

/** The record says what is being done, and then what there is. */
async function carryOut(comparison: Comparison, work: Work, environment: Environment): Promise<void> {
  const { before, after, changes, own } = comparison;
  const { lab } = after.plan;
  try {
    if (changes.length > 0) {
      await writeRecord(after.plan, { ...own, from: { plan: before.plan, spread: before.spread } });
      await takeSteps(comparison, work, environment);
    }
    await writeRecord(after.plan, own);
  } catch (error) {
    work.crew.release();
    if (error instanceof InterruptedError)
      work.progress(`${lab}: changed in part; ${LabUnfinishedError.hint(lab)}`);
    throw error instanceof LabError && !work.signal.aborted ? new LabUnfinishedError(lab, error) : error;
  }
}

async function takeSteps(
  { after, changes, running, scope }: Comparison,
  { crew, signal }: Work,
  environment: Environment,
): Promise<void> {
  const { runtime } = environment;
  const { lab } = after.plan;
  const only = <Type extends LabChange["type"]>(...types: Type[]) =>
    changes.filter((change): change is Extract<LabChange, { type: Type }> =>
      (types as string[]).includes(change.type),
    );
  const ending = new Set(only("stop", "restart").map(({ daemon }) => daemon));
  for (const daemon of running.filter(({ name }) => ending.has(name))) await runtime.stop(lab, daemon);
  for (const { daemon: name, router } of only("leave")) {
    const daemon = after.daemons.find((each) => each.name === name);
    if (daemon) await remove(router, daemon, { environment, signal });
  }
  const starting = new Set(only("start", "restart").map(({ daemon }) => daemon));
  await crew.startAround(
    () => runtime.alter(lab, changes.filter(isOfNetwork), { signal, scope }),
    ({ name }) => starting.has(name),
  );
  for (const { config } of only("reconfigure")) {
    await tellRouter({ config }, daemonOf(after.daemons, config.name), { lab, environment, signal });
  }
}

const processTypes: readonly string[] = [
  "stop",
  "start",
  "restart",
  "leave",
  "reconfigure",
] satisfies ProcessChange["type"][];

function isOfNetwork(change: LabChange): change is NetworkChange {
  return !processTypes.includes(change.type);
}

async function remove(
  router: string,
  daemon: Daemon,
  { environment, signal }: { environment: Environment; signal: AbortSignal },
): Promise<void> {
  const { probe } = daemon;
  if (probe.type !== "control") return;
  await inTime(daemon, { clock: environment.clock, signal }, (either) =>
    environment.control.command(probe.socket, { type: "remove", router }, either),
  );
}

/** Where a router may be while it moves. */
function eitherPlace(spread: Spread, former: Spread): Spread {
  const names = new Set([...Object.keys(spread), ...Object.keys(former)]);
  return Object.fromEntries(
    [...names].map((name) => [name, [...new Set([...(spread[name] ?? []), ...(former[name] ?? [])])]]),
  );
}
