import { type Timeline, timelineOf } from "../report/timeline/timeline.ts";
import type { Environment } from "./environment.ts";
import { readRecord } from "./lab-directory.ts";
import { logFiles, readLogs } from "./log-files.ts";
import { runningLab } from "./names.ts";
import { sessionDetails } from "./session-details.ts";
import { readStart } from "./start-time.ts";

/**
 * How a lab that is up came up, and what could not be learnt of that.
 *
 * @param lab its name or topology file; the only lab that is running if undefined
 */
export async function timeline(
  lab: string | undefined,
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<{ timeline: Timeline; missing: readonly string[] }> {
  const { name } = await runningLab(lab, environment);
  const { plan, daemons } = await readRecord(name, environment);
  const unread: string[] = [];
  const logs = await readLogs(logFiles(plan, daemons), unread, { runtime: environment.runtime, signal });
  const { found: details, missing } = await sessionDetails({ plan, daemons }, { signal }, environment);
  const startedAt = await readStart(name, environment);
  const texts = new Map(logs.map(({ source, text }) => [source, text]));
  return {
    timeline: timelineOf(plan, { startedAt, logs: texts, details }),
    missing: [...unread, ...missing],
  };
}
