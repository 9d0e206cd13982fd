import { access, constants } from "node:fs/promises";
import { programsOf } from "../kinds/kinds.ts";
import type { Plan } from "../plan/plan.ts";
import type { Environment } from "./environment.ts";
import { LabExistsError, ProgramMissingError } from "./errors.ts";

/**
 * Looks for all that would stop a lab from being made, before anything is touched.
 *
 * @throws {LabExistsError} @throws {ProgramMissingError} @throws {RuntimeError}
 */
export async function preflight(plan: Plan, { runtime, path }: Environment): Promise<void> {
  await runtime.preflight(plan);
  const labs = await runtime.labs();
  if (labs.some(({ name }) => name === plan.lab)) throw new LabExistsError(plan.lab);
  for (const need of programsOf(plan)) {
    if (await isInPath(need.program, path)) continue;
    throw new ProgramMissingError(`the program ${need.program} is not installed`, {
      hint: `apt-get install ${need.package}`,
    });
  }
}

async function isInPath(program: string, path: string): Promise<boolean> {
  const found = path.split(":").map((directory) => access(`${directory}/${program}`, constants.X_OK));
  return (await Promise.allSettled(found)).some(({ status }) => status === "fulfilled");
}
