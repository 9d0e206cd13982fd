import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RouteDetail } from "../bgp/control/route-detail.ts";
import type { SessionDetail } from "../bgp/control/session-detail.ts";
import type { Daemon } from "../kinds/kind.ts";
import type { NodePlan, Plan } from "../plan/plan.ts";
import { labLines } from "../report/lab-lines.ts";
import type { LabReport } from "../report/lab-report.ts";
import { formatLogLine } from "../report/log-line.ts";
import { mergeLogs, type SourcedLog } from "../report/merged-log.ts";
import { errorsIn, LabError, messageOf } from "../std/errors.ts";
import { describePlan } from "./describe-plan.ts";
import type { Environment } from "./environment.ts";
import { ArtifactError } from "./errors.ts";
import { daemonsFor } from "./lab-directory.ts";
import { inPartsInTime, inTime } from "./probes.ts";

/** What is known of a failed lab; without a report where one of its daemons ended. */
interface Failure {
  readonly plan: Plan;
  readonly report: LabReport | undefined;
}

/**
 * Writes what can be found out about a lab that is still there into a directory of its own, over what is there; what cannot
 * be found out is told in `missing.txt`. docs/ci.md lists the files. Keys of sessions are left out.
 *
 * @param directory where the lab's own directory is made
 * @returns the lab's own directory @throws {ArtifactError} if it cannot be written
 */
export async function writeArtifacts(
  { plan, report }: Failure,
  { directory, signal }: { directory: string; signal: AbortSignal },
  environment: Environment,
): Promise<string> {
  const found = await gather(plan, signal, environment);
  const merged = mergeLogs(found.logs);
  const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
  const files = {
    "plan.json": json(describePlan(plan, environment)),
    "log.txt": text(merged.map(({ source, line }) => `${source} ${formatLogLine(line)}`)),
    "log.jsonl": text(merged.map(({ line }) => line)),
    "sessions.json": json(found.sessions),
    "routes.json": json(found.routes),
    "missing.txt": text(found.missing),
    ...(report && { "report.json": json(report), "report.txt": text(labLines(report, { format: "table" })) }),
    ...Object.fromEntries(found.outputs.map(({ source, text: output }) => [`${source}.out`, output])),
  };
  const path = join(directory, plan.lab);
  try {
    await mkdir(path, { recursive: true });
    for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  } catch (cause) {
    const hint = "name a directory that may be made or written";
    throw new ArtifactError(`cannot write ${path}: ${messageOf(cause)}`, { cause, hint });
  }
  return path;
}

interface Found {
  readonly logs: SourcedLog[];
  /** What daemons wrote beside their routers' logs. */
  readonly outputs: SourcedLog[];
  readonly sessions: SessionDetail[];
  /** By router. */
  readonly routes: Record<string, RouteDetail[]>;
  readonly missing: string[];
}

async function gather(plan: Plan, signal: AbortSignal, environment: Environment): Promise<Found> {
  const found: Found = { logs: [], outputs: [], sessions: [], routes: {}, missing: [] };
  const daemons = daemonsFor(plan, environment);
  for (const { name, router } of plan.nodes) {
    if (router.log !== null) await readInto(found.logs, { source: name, path: router.log }, found);
  }
  for (const { name, log } of daemons) await readInto(found.outputs, { source: name, path: log }, found);
  await Promise.all(daemons.map((daemon) => ask(daemon, { plan, signal, found }, environment)));
  return found;
}

async function readInto(
  logs: SourcedLog[],
  { source, path }: { source: string; path: string },
  { missing }: Found,
): Promise<void> {
  try {
    logs.push({ source, text: await readFile(path, "utf8") });
  } catch (error) {
    // Of a kind that keeps no log of its own, its daemon's output has all that there is.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") missing.push(`${source}: ${messageOf(error)}`);
  }
}

/** All that a daemon tells of its routers; one that has not answered once is not asked again. */
async function ask(
  daemon: Daemon,
  { plan, signal, found }: { plan: Plan; signal: AbortSignal; found: Found },
  environment: Environment,
): Promise<void> {
  const { probe, name, routers } = daemon;
  if (probe.type !== "control") {
    found.missing.push(`${name} tells nothing of its sessions and routes in detail`);
    return;
  }
  try {
    for (const node of plan.nodes.filter((node) => routers.includes(node.name))) {
      await askOf(node, { daemon, socket: probe.socket, signal, found }, environment);
    }
  } catch (error) {
    if (!errorsIn(error).every((each) => each instanceof LabError)) throw error;
    found.missing.push(messageOf(error));
  }
}

async function askOf(
  { name: router, router: { sessions } }: NodePlan,
  { daemon, socket, signal, found }: { daemon: Daemon; socket: string; signal: AbortSignal; found: Found },
  { clock, control }: Environment,
): Promise<void> {
  for (const { ifname } of sessions) {
    const endpoint = { router, ifname };
    const detail = await inTime(daemon, { clock, signal }, (either) =>
      control.session(socket, endpoint, either),
    );
    found.sessions.push(detail);
  }
  const query = { router, prefix: null, table: "locRib", ifname: null } as const;
  const parts = inPartsInTime(daemon, { clock, signal }, (either) => control.routes(socket, query, either));
  const routes: RouteDetail[] = [];
  for await (const part of parts) routes.push(...part);
  found.routes[router] = routes;
}
