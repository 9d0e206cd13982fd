import type { RouterConfig } from "../bgp/config/config.ts";
import { differenceOf, effectsOfChange, type RouterChange } from "../bgp/config/difference.ts";
import type { Effect } from "../bgp/config/effect.ts";
import type { Command, Daemon } from "../kinds/kind.ts";
import type { NodePlan } from "../plan/plan.ts";
import { restartDaemon } from "./actions/process.ts";
import type { Environment } from "./environment.ts";
import { daemonOf } from "./lab-directory.ts";
import { plannedRouter } from "./names.ts";
import { inTime } from "./probes.ts";
import type { Asked } from "./why-facts.ts";

/** What a router was told before, if that is known, and what it is told from now on. */
interface Told {
  readonly former?: RouterConfig | undefined;
  readonly config: RouterConfig;
}

/**
 * Gives a router of a running lab another configuration and other loopback addresses.
 *
 * @param told.node as it is to be, and as the plan and the daemons already have it; whoever has changed these keeps the record
 * @returns what that led to @throws {RouterUnknownError} {@link ControlError} if it cannot be like this
 */
export async function reconfigureRouter(
  { node, former }: { node: NodePlan } & Pick<Told, "former">,
  { plan, daemons, environment, signal }: Asked,
): Promise<readonly Effect[]> {
  const { lab } = plan;
  const { name: router } = plannedRouter(plan, node.name);
  await environment.runtime.setLoopback({ lab, router }, node.loopback);
  const told = { former, config: node.router };
  return await tellRouter(told, daemonOf(daemons, router), { lab, environment, signal });
}

/**
 * Gives a router another configuration, and no more; the caller has the lab's lock. Our own speaker changes no more than it must. Another
 * program reads its files anew, or is told of prefixes, if it can and no session must start over; else it is started again.
 *
 * @param daemon as it is to be from now on
 */
export async function tellRouter(
  { former, config }: Told,
  daemon: Daemon,
  { lab, environment, signal }: { lab: string; environment: Environment; signal: AbortSignal },
): Promise<readonly Effect[]> {
  const { probe } = daemon;
  if (probe.type === "control") {
    const command = { type: "reconfigure", router: config.name, config } as const;
    return await inTime(daemon, { clock: environment.clock, signal }, (either) =>
      environment.control.command(probe.socket, command, either),
    );
  }
  const changes = former && differenceOf(former, config);
  const commands = changes && gentleCommands(daemon, changes);
  if (!changes || !commands) {
    await restartDaemon({ lab, daemon, signal }, environment);
    return ["restart"];
  }
  await environment.runtime.write(daemon);
  await environment.runtime.run(daemon, commands, { signal });
  return [...new Set(changes.flatMap(effectsOfChange))];
}

/** What to tell a program for it to change while its sessions stay; undefined if it cannot. */
function gentleCommands({ orders = {} }: Daemon, changes: readonly RouterChange[]): Command[] | undefined {
  const { reload, announce, withdraw } = orders;
  const isGentle = !changes
    .flatMap(effectsOfChange)
    .some((effect) => effect === "restart" || effect === "reset");
  if (reload && isGentle) return [reload];
  if (!announce || !withdraw) return undefined;
  const prefixes = (type: "announce" | "withdraw") =>
    changes.flatMap((change) => (change.type === type ? [change.prefix] : []));
  const [fresh, gone] = [prefixes("announce"), prefixes("withdraw")];
  if (fresh.length + gone.length < changes.length) return undefined;
  return [...(gone.length > 0 ? [withdraw(gone)] : []), ...(fresh.length > 0 ? [announce(fresh)] : [])];
}
