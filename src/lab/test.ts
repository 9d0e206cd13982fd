import type { Plan } from "../plan/plan.ts";
import { removeLab } from "./down.ts";
import type { Environment } from "./environment.ts";
import { lockLab } from "./lock.ts";
import { preflight } from "./preflight.ts";
import { makeLab, type UpOptions, type UpResult } from "./up.ts";

/** Brings a lab up, sees whether it converges, and takes it down whatever came out. @throws what {@link makeLab} throws */
export async function test(
  plan: Plan,
  options: Omit<UpOptions, "until" | "reconfigure" | "isolate">,
  environment: Environment,
): Promise<UpResult> {
  await preflight(plan, environment);
  options.signal.throwIfAborted();
  using _ = lockLab({ lab: plan.lab, command: "test" }, environment.directories);
  const result = await makeLab(plan, { ...options, until: "converged" }, environment);
  await removeLab(plan.lab, environment.runtime);
  return result;
}
