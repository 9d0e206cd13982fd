import type { Plan } from "../plan/plan.ts";
import { type FaultCounts, sumFaults } from "./faults.ts";
import { type RunOptions, type RunResult, run } from "./run.ts";
import type { TraceLine } from "./trace.ts";

/** What many runs have shown. Plain JSON. */
interface SimulationReport {
  readonly name: string;
  /** Of the first run; the second has the next one, and so on. */
  readonly seed: number;
  readonly runs: number;
  readonly failures: readonly RunFailure[];
  /** Virtual time from the last fault to the last change, over all runs that converged; null if none did. */
  readonly convergence: { readonly medianMs: number; readonly worst: { ms: number; seed: number } } | null;
  readonly faults: FaultCounts;
  /** What is not as it would be in a real lab. */
  readonly notes: readonly string[];
}

/** A simulation as a whole: what it has shown, and how fast it was. Plain JSON. */
export interface Simulation extends SimulationReport {
  /** Of real time. */
  readonly runsPerMinute: number;
  /** Everything that happened in one of the runs, if it was asked for. */
  readonly trace: { readonly seed: number; readonly lines: readonly TraceLine[] } | null;
}

export interface RunFailure {
  /** Brings it back. */
  readonly seed: number;
  readonly problems: readonly string[];
}

/** Simulates a lab again and again, each time with the next seed: as often as it is asked for the next result. */
export function* simulate(plan: Plan, options: RunOptions): Generator<RunResult, never> {
  for (let seed = options.seed; ; seed = nextSeed(seed)) yield run(plan, { ...options, seed });
}

/** Sums up runs that began with a seed. */
export function summarize(plan: Plan, seed: number, results: readonly RunResult[]): SimulationReport {
  return {
    name: plan.lab,
    seed,
    runs: results.length,
    failures: results.flatMap(({ seed, problems }) => (problems.length === 0 ? [] : [{ seed, problems }])),
    convergence: convergenceOf(results),
    faults: sumFaults(results.map(({ faults }) => faults)),
    notes: plan.nodes.flatMap(({ name, kind }) =>
      kind === "speaker" ? [] : [`${name} is simulated as a speaker, not as ${kind}`],
    ),
  };
}

/** Seeds are integers of 32 bits. */
function nextSeed(seed: number): number {
  return (seed + 1) >>> 0;
}

function convergenceOf(results: readonly RunResult[]): SimulationReport["convergence"] {
  const times = results
    .flatMap(({ seed, convergedAfterMs: ms }) => (ms === null ? [] : [{ ms: Math.round(ms), seed }]))
    .sort((a, b) => a.ms - b.ms);
  const [median, worst] = [times[Math.floor(times.length / 2)], times.at(-1)];
  return median && worst ? { medianMs: median.ms, worst } : null;
}
