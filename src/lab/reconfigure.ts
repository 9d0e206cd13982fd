import type { RouterConfig } from "../bgp/config/config.ts";
import type { Effect } from "../bgp/config/effect.ts";
import type { Daemon } from "../kinds/kind.ts";
import { withNode } from "../plan/originate.ts";
import type { NodePlan } from "../plan/plan.ts";
import { restartDaemon } from "./actions/process.ts";
import type { Environment } from "./environment.ts";
import { daemonOf, daemonsFor, readRecord, writeRecord } from "./lab-directory.ts";
import { plannedRouter } from "./names.ts";
import { inTime } from "./probes.ts";

/**
 * Gives a router of a running lab another configuration and other loopback addresses, on record too. Our own speaker changes no
 * more than it must; any other program is started again. The caller has the lab's lock.
 *
 * @param target.node the router of that name, as it is to be
 * @returns what that led to
 * @throws {LabIncompleteError} {@link RouterUnknownError} {@link ControlError} if it cannot be like this
 */
export async function reconfigureRouter(
  { lab, node }: { lab: string; node: NodePlan },
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<readonly Effect[]> {
  const { plan: former, processes } = await readRecord(lab, environment);
  const { router: config, loopback } = node;
  const { name: router } = plannedRouter(former, node.name);
  const plan = withNode(former, node);
  const daemon = daemonOf(daemonsFor(plan, { ...environment, processes }), router);
  await environment.runtime.setLoopback({ lab, router }, loopback);
  const effects = await tellRouter(config, daemon, { lab, environment, signal });
  await writeRecord(plan, { ...environment, processes });
  return effects;
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
