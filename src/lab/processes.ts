import { digestsAlone } from "../bgp/control/interest.ts";
import type { Daemon } from "../kinds/kind.ts";
import type { ProcessReport } from "../report/lab-report.ts";
import { LabError } from "../std/errors.ts";
import type { Environment } from "./environment.ts";
import { readRecord } from "./lab-directory.ts";
import { runningLab } from "./names.ts";
import { readDaemon } from "./probes.ts";

/** What the processes of our own speaker take, and how late they are. @throws {LabNotRunningError} */
export async function inspectProcesses(
  lab: string | undefined,
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<ProcessReport[]> {
  const { name } = await runningLab(lab, environment);
  const { daemons } = await readRecord(name, environment);
  return await readProcesses(daemons, environment, signal);
}

/** The same of some daemons; who does not answer is left out, all once the signal has aborted. */
export async function readProcesses(
  daemons: readonly Daemon[],
  environment: Environment,
  signal: AbortSignal,
): Promise<ProcessReport[]> {
  if (signal.aborted) return [];
  const own = daemons.filter(({ probe }) => probe.type === "control");
  const found = await Promise.all(own.map((daemon) => readProcess(daemon, environment, signal)));
  return found.flatMap((process) => process ?? []);
}

async function readProcess(
  daemon: Daemon,
  environment: Environment,
  signal: AbortSignal,
): Promise<ProcessReport | undefined> {
  try {
    const query = { routers: [], interest: digestsAlone, signal };
    const { process } = await readDaemon(daemon, environment, query);
    return process && { name: daemon.name, routers: daemon.routers.length, ...process };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof LabError) return undefined;
    throw error;
  }
}
