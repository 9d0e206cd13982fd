import { originateInstead } from "../plan/originate.ts";
import type { Environment } from "./environment.ts";
import { daemonsFor, readRecord, writeRecord } from "./lab-directory.ts";
import { lockLab } from "./lock.ts";
import { plannedRouter, runningLab } from "./names.ts";
import { reconfigureRouter } from "./reconfigure.ts";
import { readPrefix } from "./routes.ts";

interface AnnounceTarget {
  readonly type: "announce" | "withdraw";
  /** A lab's name or topology file. */
  readonly lab: string;
  readonly router: string;
  /** As a user writes them. */
  readonly prefixes: readonly string[];
}

/**
 * Has a router of a running lab announce some prefixes, or no longer announce them. Nothing is expected of these from then on.
 *
 * @returns whether that made a difference
 * @throws {ArgumentError} {@link RouterUnknownError} {@link LabLockedError}
 */
export async function announce(
  { lab, router, type, prefixes }: AnnounceTarget,
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<boolean> {
  const changed = prefixes.map(readPrefix);
  const { name } = await runningLab(lab, environment);
  using _ = lockLab({ lab: name, command: type }, environment.directories);
  const { plan: before, processes, spread } = await readRecord(name, environment);
  const former = plannedRouter(before, router);
  const { node, plan } = originateInstead(before, { type, node: former, prefixes: changed });
  if (node.router.originate.length === former.router.originate.length) return false;
  const own = { ...environment, processes, spread };
  const asked = { plan, daemons: daemonsFor(plan, own), environment, signal };
  await reconfigureRouter({ node, former: former.router }, asked);
  await writeRecord(plan, own);
  return true;
}
