import type { StepReport } from "../../report/step-report.ts";
import type { Topology } from "../../topology/topology.ts";
import type { Asked } from "../why-facts.ts";
import { eachStep } from "./each-step.ts";
import { SteppedLab } from "./stepped-lab.ts";

/**
 * Does the steps of a topology to its lab, which has converged and whose lock the caller has, until one does not pass.
 *
 * @param asked.environment with the processes that the lab has
 * @param onStep is told of each step as it ends
 * @throws the signal's reason, and whatever is no {@link LabError}
 */
export async function runSteps(
  topology: Topology,
  asked: Asked,
  onStep: (report: StepReport) => void,
): Promise<void> {
  if (topology.steps.length === 0) return;
  await using lab = new SteppedLab(topology, asked);
  for (const step of eachStep(topology)) {
    const report = await lab.take(step);
    onStep(report);
    if (!report.passed) break;
  }
}
