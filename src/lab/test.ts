import { hasContainers } from "../plan/containers.ts";
import type { Plan } from "../plan/plan.ts";
import type { StepReport } from "../report/step-report.ts";
import { Cleanup } from "../std/cleanup.ts";
import type { Topology } from "../topology/topology.ts";
import { removeLab } from "./down.ts";
import type { Environment } from "./environment.ts";
import { InterruptedError } from "./errors.ts";
import { daemonsFor } from "./lab-directory.ts";
import { lockLab } from "./lock.ts";
import { preflight } from "./preflight.ts";
import type { UpResult } from "./settle.ts";
import { runSteps } from "./steps/run-steps.ts";
import { makeLab, type UpOptions } from "./up.ts";

export interface TestOptions extends Omit<UpOptions, "until" | "ifRunning" | "isolate" | "salvage"> {
  /** Leaves a lab up that has failed. */
  readonly keep?: boolean;
  /** Looks at a lab that has failed while it is still there; there is no result where it ended while coming up. Must not throw. */
  readonly examine?: (result: TestResult | undefined) => Promise<void>;
  /** Whose steps are taken once the lab has converged; none without it. */
  readonly topology?: Topology;
  readonly onStep?: (report: StepReport) => void;
}

/** The lab as it was when it had converged, or not; and what came of its steps, the last of which may have failed. */
export interface TestResult extends UpResult {
  readonly steps: readonly StepReport[];
}

/**
 * Brings a lab up, sees whether it converges, takes its steps, and takes it down whatever came out.
 *
 * @throws what {@link makeLab} throws
 */
export async function test(
  plan: Plan,
  { keep = false, examine, ...options }: TestOptions,
  environment: Environment,
): Promise<TestResult & { readonly kept: boolean }> {
  await preflight(plan, options, environment);
  options.signal.throwIfAborted();
  using _ = lockLab({ lab: plan.lab, command: "test" }, environment.directories);
  const salvage = async () => {
    if (!options.signal.aborted) await examine?.(undefined);
  };
  await using undo = new Cleanup();
  const result = await makeLab(plan, { ...options, until: "converged", salvage }, environment);
  undo.add(() => removeLab(plan.lab, { containers: hasContainers(plan) }, environment.runtime));
  const tested = await step(plan, result, { ...options, environment });
  const failed = tested.outcome === "timeout" || tested.steps.some(({ passed }) => !passed);
  if (failed) await examine?.(tested);
  const kept = keep && failed && !options.signal.aborted;
  if (kept) undo.keep();
  return { ...tested, kept };
}

/** Takes the steps of a lab that has converged. */
async function step(
  plan: Plan,
  result: UpResult,
  {
    topology,
    onStep,
    signal,
    environment,
  }: Omit<TestOptions, "keep" | "examine"> & { readonly environment: Environment },
): Promise<TestResult> {
  const steps: StepReport[] = [];
  const note = (report: StepReport) => {
    steps.push(report);
    onStep?.(report);
  };
  if (result.outcome !== "reached" || topology === undefined) return { ...result, steps };
  try {
    const asked = { plan, daemons: daemonsFor(plan, environment), environment, signal };
    await runSteps(topology, asked, note);
    return { ...result, steps };
  } catch (error) {
    if (!(signal.reason instanceof InterruptedError)) throw error;
    return { ...result, outcome: "interrupted", steps };
  }
}
