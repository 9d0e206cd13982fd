import { chaosSteps } from "../../plan/chaos.ts";
import { formatStep } from "../../topology/format-step.ts";
import type { Actions, Step } from "../../topology/step.ts";
import type { Topology } from "../../topology/topology.ts";

/** A step that is done once. */
export interface SingleStep extends Step {
  readonly work: Actions;
  /** As it can be put into a file, where a seed has chosen it, with what must go before it. */
  readonly chosen: readonly string[];
}

/** What is to be done, one after another: steps as often as they are repeated, and the faults of chaos in its place. */
export function* eachStep(topology: Topology): Generator<SingleStep> {
  for (const step of topology.steps) {
    for (let round = 1; round <= step.repeat; round++) {
      const name = step.repeat === 1 ? step.name : `${step.name} (${round} of ${step.repeat})`;
      yield* singles(topology, { ...step, name });
    }
  }
}

function* singles(topology: Topology, step: Step): Generator<SingleStep> {
  const { work } = step;
  if (work.type === "actions") return yield { ...step, work, chosen: [] };
  let before: string[] = [];
  for (const each of chaosSteps(topology, { ...step, work })) {
    if (each.work.type !== "actions") continue;
    const chosen = [...before, formatStep(each)];
    // Each fault is healed by the step after it.
    before = before.length === 0 ? chosen : [];
    yield { ...each, work: each.work, chosen };
  }
}
