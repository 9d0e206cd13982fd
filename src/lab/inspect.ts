import { Convergence } from "../checks/convergence.ts";
import type { Daemon } from "../kinds/kind.ts";
import { createLabReport, type LabReport } from "../report/lab-report.ts";
import { LabError } from "../std/errors.ts";
import type { Environment } from "./environment.ts";
import { readRecord } from "./lab-directory.ts";
import { runningLab } from "./names.ts";
import { readDaemon } from "./probes.ts";
import { readProcesses } from "./processes.ts";
import { askForRoutes, MOST_ROUTES } from "./told-routes.ts";

/**
 * What a lab is like right now. Daemons that have died are problems in the report, not errors.
 *
 * One look cannot show that things stay as they are: `converged` means here that everything is as expected at this moment.
 *
 * @param lab its name or topology file; the only lab that is running if undefined
 * @param options.routes how many routes the report should have at least, if there are so many; {@link MOST_ROUTES} unless given
 */
export async function inspect(
  lab: string | undefined,
  { routes = MOST_ROUTES, signal }: { routes?: number; signal: AbortSignal },
  environment: Environment,
): Promise<LabReport> {
  const { name, routers, containers } = await runningLab(lab, environment);
  const { plan, daemons } = await readRecord(name, environment);
  const convergence = new Convergence(plan, { settleMs: 0 });
  await Promise.all(daemons.map((daemon) => look(daemon, { convergence, signal }, environment)));
  // A speaker keeps its namespaces alive, and would not notice that nobody else can get in any more.
  const missing = plan.nodes.filter((node) => !routers.includes(node.name));
  for (const { name, netns, container } of missing) {
    const place = container ? `container ${netns} is gone, or has ended` : `namespace ${netns} is gone`;
    convergence.lose([name], `its ${place}`);
  }
  await askForRoutes(convergence.digested, routes, { convergence, daemons, signal }, environment);
  const now = environment.clock.now();
  const processes = await readProcesses(daemons, environment, signal);
  return createLabReport({
    plan,
    verdict: convergence.verdict(now),
    status: convergence.status(),
    processes,
    containers,
  });
}

async function look(
  daemon: Daemon,
  { convergence, signal }: { convergence: Convergence; signal: AbortSignal },
  environment: Environment,
): Promise<void> {
  try {
    const status = await readDaemon(daemon, environment, { interest: convergence.interest, signal });
    convergence.observe({ type: "status", ...status }, environment.clock.now());
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof LabError)) throw error;
    convergence.lose(daemon.routers, error.message);
  }
}
