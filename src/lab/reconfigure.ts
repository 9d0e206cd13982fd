import type { RouterConfig } from "../bgp/config/config.ts";
import type { Effect } from "../bgp/config/effect.ts";
import type { Daemon } from "../kinds/kind.ts";
import { restartDaemon } from "./actions/process.ts";
import type { Environment } from "./environment.ts";
import { RouterUnknownError } from "./errors.ts";
import { daemonsFor, readRecord, writeRecord } from "./lab-directory.ts";
import { lockLab } from "./lock.ts";
import { inTime } from "./probes.ts";

/**
 * Gives a router of a running lab another configuration, on record too. Our own speaker changes no more than it must; any
 * other program is started again.
 *
 * @param target.config of the router of that name
 * @returns what that led to
 * @throws {LabIncompleteError} {@link RouterUnknownError} {@link LabLockedError} {@link ControlError} if it cannot be like this
 */
export async function reconfigureRouter(
  { lab, config }: { lab: string; config: RouterConfig },
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<readonly Effect[]> {
  using _ = lockLab({ lab, command: "reconfigure" }, environment.directories);
  const { plan: former, processes, spread } = await readRecord(lab, environment);
  const nodes = former.nodes.map((node) => (node.name === config.name ? { ...node, router: config } : node));
  const plan = { ...former, nodes };
  const daemons = daemonsFor(plan, { ...environment, processes, spread });
  const daemon = daemons.find(({ routers }) => routers.includes(config.name));
  if (!daemon)
    throw new RouterUnknownError({ lab, router: config.name, routers: nodes.map(({ name }) => name) });
  const effects = await tellRouter(config, daemon, { lab, environment, signal });
  await writeRecord(plan, { ...environment, processes, spread });
  return effects;
}

/** The same without the record, by a caller that has the lab's lock. @param daemon as it is to be from now on */
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
