import type { RouterConfig } from "../bgp/config/config.ts";
import type { Effect } from "../bgp/config/effect.ts";
import type { Daemon } from "../kinds/kind.ts";
import type { NodePlan } from "../plan/plan.ts";
import { restartDaemon } from "./actions/process.ts";
import type { Environment } from "./environment.ts";
import { daemonOf } from "./lab-directory.ts";
import { plannedRouter } from "./names.ts";
import { inTime } from "./probes.ts";
import type { Asked } from "./why-facts.ts";

/**
 * Gives a router of a running lab another configuration and other loopback addresses. Our own speaker changes no more than it
 * must; any other program is started again.
 *
 * @param node as it is to be, and as the plan and the daemons already have it; whoever has changed these keeps the record
 * @returns what that led to @throws {RouterUnknownError} {@link ControlError} if it cannot be like this
 */
export async function reconfigureRouter(
  node: NodePlan,
  { plan, daemons, environment, signal }: Asked,
): Promise<readonly Effect[]> {
  const { lab } = plan;
  const { name: router } = plannedRouter(plan, node.name);
  await environment.runtime.setLoopback({ lab, router }, node.loopback);
  return await tellRouter(node.router, daemonOf(daemons, router), { lab, environment, signal });
}

/** Gives a router another configuration, and no more; the caller has the lab's lock. @param daemon as it is to be from now on */
export async function tellRouter(
  config: RouterConfig,
  daemon: Daemon,
  { lab, environment, signal }: { lab: string; environment: Environment; signal: AbortSignal },
): Promise<readonly Effect[]> {
  const { probe } = daemon;
  if (probe.type !== "control") {
    await restartDaemon({ lab, daemon, signal }, environment);
    return ["restart"];
  }
  const command = { type: "reconfigure", router: config.name, config } as const;
  return await inTime(daemon, { clock: environment.clock, signal }, (either) =>
    environment.control.command(probe.socket, command, either),
  );
}
