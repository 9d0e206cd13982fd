import type { StepAction } from "./action.ts";
import type { Check } from "./expect.ts";
import type { Place } from "./source.ts";

/** Something that is done to a lab that has converged, and what must be true of it then. */
export interface Step {
  readonly name: string;
  readonly place: Place;
  readonly work: Actions | Chaos;
  /** Beside what the model expects of the lab as it is then. */
  readonly checks: readonly Check[];
  readonly flows: readonly Flow[];
  readonly repeat: number;
  readonly limits: StepLimits;
}

/** What is done, all at once. */
export interface Actions {
  readonly type: "actions";
  readonly actions: readonly StepAction[];
}

/** Faults that a seed chooses, each healed before the next. */
export interface Chaos {
  readonly type: "chaos";
  readonly faults: number;
  readonly seed: number;
}

/** As `Expect` of a whole lab has them. */
export interface StepLimits {
  readonly withinMs: number;
  readonly settleMs: number;
  readonly forMs: number;
  /** How long it may take until the last change; as long as `withinMs` allows if not there. */
  readonly convergesWithinMs?: number;
}

/** Echo requests from one to another for as long as a step lasts. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  /** So many may go without an answer; any number if not there. */
  readonly maxLost?: number;
}
