import type { LabChange } from "../plan/lab-change.ts";
import type { Plan } from "../plan/plan.ts";
import { RuntimeError } from "../runtime/errors.ts";
import { compareLab } from "./change.ts";
import type { Environment } from "./environment.ts";
import { isThere } from "./up.ts";

/**
 * What `up` would do to a lab that is there; undefined if there is none, or the machine is none for labs.
 *
 * @throws {LabIncompleteError} if the lab is not on record
 */
export async function rehearseChange(
  plan: Plan,
  options: { readonly isolate: boolean },
  machine: () => Promise<Environment>,
): Promise<readonly LabChange[] | undefined> {
  try {
    const environment = await machine();
    if (!(await isThere(plan, environment))) return undefined;
    return (await compareLab(plan, options, environment)).changes;
  } catch (error) {
    if (error instanceof RuntimeError) return undefined;
    throw error;
  }
}
