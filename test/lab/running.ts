import { type UpOptions, up } from "../../src/lab/up.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { FakeMachine } from "./fake-machine.ts";

/** Options with which a lab is waited for without being told of. */
export function upOptions(change: Partial<UpOptions> = {}): UpOptions {
  const { signal } = new AbortController();
  return {
    until: "converged",
    ifRunning: "refuse",
    isolate: false,
    timeoutMs: undefined,
    progress: () => {},
    signal,
    ...change,
  };
}

/** A machine on which a plan's lab has converged. */
export async function bringUp(plan: Plan, { processes = 1, isolate = false } = {}): Promise<FakeMachine> {
  const machine = new FakeMachine({ processes });
  machine.converge(plan);
  await up(plan, upOptions({ isolate }), machine.environment);
  return machine;
}
