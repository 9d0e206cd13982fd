import type { Plan } from "../plan/plan.ts";
import { removeLab } from "./down.ts";
import type { Environment } from "./environment.ts";
import { type UpOptions, type UpResult, up } from "./up.ts";

/** Brings a lab up, sees whether it converges, and takes it down whatever came out. @throws what {@link up} throws */
export async function test(
  plan: Plan,
  options: Omit<UpOptions, "until">,
  environment: Environment,
): Promise<UpResult> {
  const result = await up(plan, { ...options, until: "converged" }, environment);
  await removeLab(plan.lab, environment.runtime);
  return result;
}
