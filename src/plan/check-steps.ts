import { LabError } from "../std/errors.ts";
import { type Diagnostic, TopologyError } from "../topology/diagnostic.ts";
import type { Step } from "../topology/step.ts";
import type { Topology } from "../topology/topology.ts";
import type { PlanPaths } from "./compile.ts";
import { harm, unharmed } from "./damage.ts";
import { damagedPlan } from "./damaged-plan.ts";
import { UnsettledError } from "./errors.ts";

/**
 * Looks whether it is settled what a lab must come to after each step of its file; chaos, which takes nothing away for good, aside.
 *
 * @throws {TopologyError} with the first step after which it is not
 */
export function checkSteps(topology: Topology, paths: PlanPaths): void {
  let damage = unharmed(topology);
  for (const step of topology.steps) {
    if (step.work.type === "chaos") continue;
    damage = harm(damage, step.work.actions).damage;
    try {
      damagedPlan(damage, step, paths);
    } catch (error) {
      throw error instanceof LabError ? new TopologyError([mistakeOf(step, error)]) : error;
    }
  }
}

function mistakeOf({ place }: Step, error: LabError): Diagnostic {
  const { hint } = error;
  const reason = error instanceof UnsettledError ? error.reason : error.message;
  const message = `after this step, ${reason}`;
  const told = hint === undefined ? [] : [`  hint: ${hint}`];
  const text = [`${place.file}:${place.line}:${place.column}: ${message}`, ...told].join("\n");
  return { severity: "error", ...place, message, hint, text };
}
