import type { RunningLab } from "../runtime/runtime.ts";
import type { Environment } from "./environment.ts";

/** The labs of this machine, half-made ones too. */
export function labs({ runtime }: Environment): Promise<readonly RunningLab[]> {
  return runtime.labs();
}
