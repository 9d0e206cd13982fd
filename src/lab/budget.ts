import type { Problem } from "../checks/problems.ts";
import type { Expectation } from "../plan/plan.ts";

/** For timers that ring late. */
const slackMs = 50;

/**
 * How long somebody may still wait for a lab, or a step of it, that must have converged by a certain time and then stay so:
 * beyond that it can no longer be in time.
 */
export function leftInBudget(
  { convergesWithinMs, settleMs, forMs = 0 }: Expectation,
  elapsedMs: number,
): number {
  if (convergesWithinMs === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, convergesWithinMs - elapsedMs) + Math.max(settleMs, forMs) + slackMs;
}

/** What it came to by now. */
interface Pace {
  /** Null if it has not converged. */
  readonly convergedAfterMs: number | null;
  readonly elapsedMs: number;
}

/** That convergence took longer than it may, if so. @param what the beginning of a sentence */
export function overBudget(
  what: string,
  { convergesWithinMs }: Expectation,
  { convergedAfterMs, elapsedMs }: Pace,
): Problem[] {
  if (convergesWithinMs === undefined || (convergedAfterMs ?? elapsedMs) <= convergesWithinMs) return [];
  const reason =
    convergedAfterMs === null
      ? `${what} has not converged within ${convergesWithinMs} ms, and must have`
      : `${what} converged in ${Math.round(convergedAfterMs)} ms, and must do so within ${convergesWithinMs} ms`;
  return [{ type: "lab", reason }];
}
