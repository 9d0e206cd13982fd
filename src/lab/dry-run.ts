import { planLines } from "../report/plan-lines.ts";
import type { Environment } from "./environment.ts";
import { daemonsFor } from "./lab-directory.ts";
import { readPlan } from "./topology-file.ts";

/** What `up` would make of a topology file, as lines; in JSON the plan itself. @throws what {@link readPlan} throws */
export async function describePlan(
  file: string,
  { format, isolate = false }: { format: "table" | "json"; isolate?: boolean },
  environment: Environment,
): Promise<string[]> {
  const plan = await readPlan(file, environment.directories);
  if (format === "json") return [JSON.stringify(plan, withoutSecrets, 2)];
  const processes = isolate ? "isolated" : environment.processes;
  return planLines(plan, daemonsFor(plan, { ...environment, processes }));
}

/** For `JSON.stringify`: output gets copied into places where a key does not belong. */
function withoutSecrets(key: string, value: unknown): unknown {
  return key === "md5Key" && value !== null ? "(secret)" : value;
}
