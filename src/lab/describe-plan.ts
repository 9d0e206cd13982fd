import type { Daemon } from "../kinds/kind.ts";
import type { Plan } from "../plan/plan.ts";
import type { PlanDescription, ProcessDescription } from "../report/plan-description.ts";
import type { Environment } from "./environment.ts";
import { daemonsFor } from "./lab-directory.ts";

/** All that `up` makes of a plan here, to the byte, but for the secrets: they are left out of every part. */
export function describePlan(
  plan: Plan,
  environment: Pick<Environment, "directories" | "processes" | "speaker">,
): PlanDescription {
  const shown = withoutSecrets(plan);
  return { ...shown, processes: daemonsFor(shown, environment).map(describeDaemon) };
}

function describeDaemon({ name, routers, place, command, files, input, log }: Daemon): ProcessDescription {
  return { name, routers, place, command, files, input, log };
}

/** Output gets copied into places where a key does not belong; what is made of the plan does not know it either then. */
function withoutSecrets(plan: Plan): Plan {
  return {
    ...plan,
    nodes: plan.nodes.map((node) => {
      const sessions = node.router.sessions.map((session) =>
        session.md5Key === null ? session : { ...session, md5Key: "(secret)" },
      );
      return { ...node, router: { ...node.router, sessions } };
    }),
  };
}
