import type { Kind } from "../kinds/kind.ts";
import { programsOf } from "../kinds/kinds.ts";
import { hasContainers } from "../plan/containers.ts";
import type { Plan } from "../plan/plan.ts";
import { ProgramNotFoundError } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Environment } from "./environment.ts";
import { LabExistsError, ProgramMissingError } from "./errors.ts";

/**
 * Looks for all that would stop a lab from being made, before anything is touched.
 *
 * @throws {ProgramMissingError} @throws {RuntimeError}
 */
export async function preflight(
  plan: Plan,
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<void> {
  await environment.runtime.preflight(plan, { signal });
  for (const need of programsOf(plan)) requireProgram(need, environment);
}

/** @throws {LabExistsError} if the machine shows anything of a lab of that name */
export async function refuseRunning(plan: Plan, runtime: Runtime): Promise<void> {
  const { lab } = plan;
  const labs = await runtime.labs({ containers: hasContainers(plan) });
  if (labs.some(({ name }) => name === lab)) throw new LabExistsError(lab);
}

function requireProgram(need: NonNullable<Kind["needs"]>, { findProgram }: Environment): void {
  try {
    findProgram(need.program);
  } catch (cause) {
    if (!(cause instanceof ProgramNotFoundError)) throw cause;
    throw new ProgramMissingError(`the program ${need.program} is not installed`, {
      cause,
      hint: `apt-get install ${need.package}`,
    });
  }
}
