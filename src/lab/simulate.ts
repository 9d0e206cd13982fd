import type { Plan } from "../plan/plan.ts";
import { type RunResult, run } from "../simulation/run.ts";
import { type Simulation, simulate, summarize } from "../simulation/simulate.ts";
import type { TraceLine } from "../simulation/trace.ts";
import { type Clock, pause } from "../std/clock.ts";
import { Random } from "../std/random.ts";

export interface SimulateOptions {
  /** At least 1. */
  readonly runs: number;
  /** Of the first run; each next run has the next one. Another each time if undefined. */
  readonly seed: number | undefined;
  /** Whether to tell everything that happened in the first run that failed, or in the only run. */
  readonly trace: boolean;
  /** Ends the simulation early, with a report of what was done until then. */
  readonly signal: AbortSignal;
}

/** How long nobody else gets a turn, a Ctrl-C for instance; a run is never divided. */
const TURN_MS = 50;

/** Simulates a lab in memory, as often as asked for. Needs no rights, and touches nothing. */
export async function simulateLab(plan: Plan, options: SimulateOptions, clock: Clock): Promise<Simulation> {
  const { seed = seedOf(clock) } = options;
  const startedAtMs = clock.now();
  const results = await runAll(plan, { ...options, seed }, clock);
  const minutes = (clock.now() - startedAtMs) / 60_000;
  const report = summarize(plan, seed, results);
  const traced = options.runs === 1 ? seed : report.failures[0]?.seed;
  return {
    ...report,
    runsPerMinute: minutes > 0 ? Math.round(results.length / minutes) : 0,
    trace: options.trace && traced !== undefined ? traceRun(plan, traced) : null,
  };
}

/** Far from the seed of a moment ago, so that two simulations have no run in common. */
function seedOf(clock: Clock): number {
  return new Random(clock.wallTime()).next();
}

async function runAll(
  plan: Plan,
  { runs, seed, signal }: SimulateOptions & { readonly seed: number },
  clock: Clock,
): Promise<RunResult[]> {
  const results: RunResult[] = [];
  let turnEndsAtMs = clock.now() + TURN_MS;
  for (const result of simulate(plan, { seed })) {
    results.push(result);
    if (results.length === runs) break;
    if (clock.now() < turnEndsAtMs) continue;
    await pause(clock, 0, signal).catch(() => {});
    if (signal.aborted) break;
    turnEndsAtMs = clock.now() + TURN_MS;
  }
  return results;
}

function traceRun(plan: Plan, seed: number): NonNullable<Simulation["trace"]> {
  const lines: TraceLine[] = [];
  run(plan, { seed, trace: (line) => lines.push(line) });
  return { seed, lines };
}
