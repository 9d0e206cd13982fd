import type { Convergence } from "../checks/convergence.ts";
import type { Daemon } from "../kinds/kind.ts";
import { LabError } from "../std/errors.ts";
import type { Environment } from "./environment.ts";
import { readDaemon } from "./probes.ts";

/** So many routes or a few more are asked for at once: some megabytes of text. */
const PART = 5000;

/** More are never told one by one: in a lab of a thousand routers all of them, with paths through it, are gigabytes. */
export const MOST_ROUTES = 100_000;

interface Asked {
  readonly convergence: Convergence;
  readonly daemons: readonly Daemon[];
  readonly signal: AbortSignal;
}

/**
 * Has routers tell their routes one by one that have told a digest of them, and the convergence know them; who does not answer, or
 * has too many, is left out.
 *
 * @param most once so many routes are known, or {@link MOST_ROUTES}, no more routers are asked
 */
export async function askForRoutes(
  routers: readonly string[],
  most: number,
  { convergence, daemons, signal }: Asked,
  environment: Environment,
): Promise<void> {
  const daemonOf = new Map(daemons.flatMap((daemon) => daemon.routers.map((router) => [router, daemon])));
  let left = Math.min(most, MOST_ROUTES);
  for (const part of partsOf(routers, { convergence, daemonOf })) {
    if (left <= 0 || signal.aborted) return;
    left -= part.count;
    await ask(part, { convergence, signal }, environment);
  }
}

interface Part {
  readonly daemon: Daemon;
  readonly routers: string[];
  /** How many routes they have. */
  count: number;
}

/** Routers that follow each other, of one daemon each time. */
function partsOf(
  routers: readonly string[],
  { convergence, daemonOf }: { convergence: Convergence; daemonOf: ReadonlyMap<string, Daemon> },
): Part[] {
  const parts: Part[] = [];
  for (const router of routers) {
    const daemon = daemonOf.get(router);
    const count = convergence.routeCountOf(router);
    if (!daemon) continue;
    const last = parts.at(-1);
    if (last?.daemon !== daemon || last.count >= PART) parts.push({ daemon, routers: [router], count });
    else {
      last.routers.push(router);
      last.count += count;
    }
  }
  return parts;
}

async function ask(
  { daemon, routers }: Part,
  { convergence, signal }: Pick<Asked, "convergence" | "signal">,
  environment: Environment,
): Promise<void> {
  // Others have told all of them from the beginning.
  if (daemon.probe.type !== "control") return;
  try {
    const status = await readDaemon(daemon, environment, { signal, routers });
    const counts = Map.groupBy(status.routes, ({ router }) => router);
    const whole = status.routers.filter(
      ({ router, routeCount }) => routeCount === (counts.get(router)?.length ?? 0),
    );
    convergence.observe({ type: "status", ...status, routers: whole }, environment.clock.now());
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof LabError)) throw error;
  }
}
