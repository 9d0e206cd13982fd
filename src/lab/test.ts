import type { Plan } from "../plan/plan.ts";
import { removeLab } from "./down.ts";
import type { Environment } from "./environment.ts";
import { lockLab } from "./lock.ts";
import { preflight } from "./preflight.ts";
import type { UpResult } from "./settle.ts";
import { makeLab, type UpOptions } from "./up.ts";

export interface TestOptions extends Omit<UpOptions, "until" | "ifRunning" | "isolate" | "salvage"> {
  /** Leaves a lab up that has not converged in time. */
  readonly keep?: boolean;
  /** Looks at a lab that has failed while it is still there; there is no result where it ended while coming up. Must not throw. */
  readonly examine?: (result: UpResult | undefined) => Promise<void>;
}

/** Brings a lab up, sees whether it converges, and takes it down whatever came out. @throws what {@link makeLab} throws */
export async function test(
  plan: Plan,
  { keep = false, examine, ...options }: TestOptions,
  environment: Environment,
): Promise<UpResult & { readonly kept: boolean }> {
  await preflight(plan, environment);
  options.signal.throwIfAborted();
  using _ = lockLab({ lab: plan.lab, command: "test" }, environment.directories);
  const salvage = async () => {
    if (!options.signal.aborted) await examine?.(undefined);
  };
  const result = await makeLab(plan, { ...options, until: "converged", salvage }, environment);
  if (result.outcome === "timeout") await examine?.(result);
  const kept = keep && result.outcome === "timeout" && !options.signal.aborted;
  if (!kept) await removeLab(plan.lab, environment.runtime);
  return { ...result, kept };
}
