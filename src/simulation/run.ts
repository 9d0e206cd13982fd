import type { Plan } from "../plan/plan.ts";
import type { FaultCounts } from "./faults.ts";
import { problemsAtTheEnd, problemsOnTheWay } from "./invariants.ts";
import { SimulatedLab, type SimulatedLabOptions } from "./simulated-lab.ts";

export interface RunResult {
  readonly seed: number;
  /** Everything that was not as it must be; empty if all was. */
  readonly problems: readonly string[];
  readonly faults: FaultCounts;
  /** Virtual time from the last fault to the last change, in milliseconds; null if the lab did not converge. */
  readonly convergedAfterMs: number | null;
}

export type RunOptions = Omit<SimulatedLabOptions, "settleMs">;

/** More tasks of one link in one second of virtual time than this are not work, but a circle. */
const MOST_TASKS_A_LINK = 20_000;

/** Simulates a lab once, from its start until it has converged after the last fault, or should have. */
export function run(plan: Plan, options: RunOptions): RunResult {
  const settleMs = Math.max(plan.expectation.settleMs, longestHoldTimeMs(plan));
  const lab = new SimulatedLab(plan, { ...options, settleMs });
  const calmAtMs = lab.weather.untilMs;
  const thrown = attempt(() => {
    advance(lab, () => calmAtMs + settleMs);
    // Who does not know that its peer is gone finds out when the hold time is over.
    const deadlineMs = calmAtMs + longestHoldTimeMs(plan) + plan.expectation.withinMs + settleMs;
    advance(lab, () => Math.min(lab.convergence.settlesAtMs ?? deadlineMs, deadlineMs));
  });
  const verdict = lab.convergence.verdict(lab.clock.now());
  const { converged, convergedAtMs } = verdict;
  const problems = [
    ...thrown,
    ...problemsOnTheWay(lab),
    ...verdict.problems.map(({ reason }) => reason),
    ...(converged ? problemsAtTheEnd(lab) : []),
  ];
  return {
    seed: options.seed,
    problems,
    faults: lab.weather.faults,
    convergedAfterMs: convergedAtMs === null ? null : Math.max(0, convergedAtMs - calmAtMs),
  };
}

/** Runs the lab until the moment that `untilMs` names, which may move on meanwhile. @throws what a router throws */
function advance({ clock, plan }: SimulatedLab, untilMs: () => number): void {
  const pairs = plan.segments.reduce((sum, { ends }) => sum + (ends.length * (ends.length - 1)) / 2, 0);
  const most = MOST_TASKS_A_LINK * (plan.links.length + pairs);
  let second = Math.floor(clock.now() / 1000);
  let tasks = 0;
  for (let end = untilMs(); clock.now() < end; end = untilMs()) {
    clock.step(end);
    const now = Math.floor(clock.now() / 1000);
    tasks = now === second ? tasks + 1 : 0;
    second = now;
    if (tasks > most) throw new RangeError(`more than ${most} events in one second of virtual time`);
  }
}

/** Whatever is thrown is a bug of a router's, and a result of the simulation. */
function attempt(task: () => void): string[] {
  try {
    task();
    return [];
  } catch (error) {
    return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
}

function longestHoldTimeMs({ nodes }: Plan): number {
  const sessions = nodes.flatMap(({ router }) => router.sessions);
  return 1000 * Math.max(0, ...sessions.map(({ timers }) => timers.holdTime));
}
