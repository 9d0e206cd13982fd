import type { Tally } from "../checks/convergence.ts";
import type { Problem } from "../checks/problems.ts";
import type { Explanation } from "../checks/why/explanation.ts";
import type { Place } from "../plan/plan.ts";

/** What came of one step. Times are in milliseconds from the moment at which its actions began. Plain JSON. */
export interface StepReport {
  readonly name: string;
  /** Where it is written. */
  readonly place: Place;
  readonly passed: boolean;
  /** What was done, part by part. */
  readonly actions: readonly string[];
  /** Until the first session was not Established any more, or without such, until anything changed; null if nothing did. */
  readonly detectedAfterMs: number | null;
  /** Until nothing changed any more; null if it was not as it must be. */
  readonly reconvergedAfterMs: number | null;
  /** Until it was said to have passed; null if it was not. */
  readonly settledAfterMs: number | null;
  readonly durationMs: number;
  readonly expected: { readonly sessions: Tally; readonly routes: Tally };
  readonly flows: readonly FlowReport[];
  readonly problems: readonly Problem[];
  /** Why the first few of them are there. */
  readonly explanations: readonly Explanation[];
  readonly timeline: readonly StepMoment[];
  /** The same as steps that can be put into a file, where a seed has chosen it; empty otherwise, and if it passed. */
  readonly steps: readonly string[];
}

/** Requests that were sent from one to another during a step. */
export interface FlowReport {
  readonly from: string;
  readonly to: string;
  readonly sent: number;
  /** Those without an answer. */
  readonly lost: number;
}

/** Something that happened in a step. */
export interface StepMoment {
  readonly afterMs: number;
  readonly text: string;
}
