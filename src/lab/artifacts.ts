import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RouteDetail } from "../bgp/control/route-detail.ts";
import type { SessionDetail } from "../bgp/control/session-detail.ts";
import { fileOf } from "../kinds/kind.ts";
import type { Plan } from "../plan/plan.ts";
import { labLines } from "../report/lab-lines.ts";
import type { LabReport } from "../report/lab-report.ts";
import { formatLogLine } from "../report/log-line.ts";
import { mergeLogs, type SourcedLog } from "../report/merged-log.ts";
import { stepLine, stepReasons } from "../report/step-lines.ts";
import type { StepReport } from "../report/step-report.ts";
import { messageOf } from "../std/errors.ts";
import { describePlan } from "./describe-plan.ts";
import type { Environment } from "./environment.ts";
import { ArtifactError } from "./errors.ts";
import { daemonsFor } from "./lab-directory.ts";
import { logFiles, readLogs } from "./log-files.ts";
import { inPartsInTime } from "./probes.ts";
import { eachControlled, sessionDetails } from "./session-details.ts";

/** What is known of a failed lab; without a report where one of its daemons ended. */
interface Failure {
  readonly plan: Plan;
  readonly report: LabReport | undefined;
  readonly steps: readonly StepReport[];
  /** A file of pcapng in parts, or why there is none. */
  readonly packets: readonly Uint8Array[] | string;
}

/**
 * Writes what can be found out about a lab that is still there into a directory of its own, over what is there; what cannot
 * be found out is told in `missing.txt`. docs/ci.md lists the files. Keys of sessions are left out.
 *
 * @param directory where the lab's own directory is made
 * @returns the lab's own directory @throws {ArtifactError} if it cannot be written
 */
export async function writeArtifacts(
  { plan, report, steps, packets }: Failure,
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
    "missing.txt": text([...found.missing, ...(typeof packets === "string" ? [packets] : [])]),
    ...(typeof packets !== "string" && { "packets.pcapng": packets }),
    ...(report && { "report.json": json(report), "report.txt": text(labLines(report, { format: "table" })) }),
    ...(steps.length > 0 && {
      "steps.json": json(steps),
      "steps.txt": text(steps.flatMap((step) => [stepLine(step), ...stepReasons(step)])),
    }),
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
  readonly logs: readonly SourcedLog[];
  /** What daemons wrote beside their routers' logs. */
  readonly outputs: readonly SourcedLog[];
  readonly sessions: readonly SessionDetail[];
  /** By router. */
  readonly routes: Readonly<Record<string, readonly RouteDetail[]>>;
  readonly missing: readonly string[];
}

async function gather(plan: Plan, signal: AbortSignal, environment: Environment): Promise<Found> {
  const daemons = daemonsFor(plan, environment);
  const missing: string[] = [];
  const reading = { runtime: environment.runtime, signal };
  const logs = await readLogs(logFiles(plan, daemons), missing, reading);
  const outputs = await readLogs(
    daemons.map((daemon) => ({ source: daemon.name, file: fileOf(daemon, daemon.log) })),
    missing,
    reading,
  );
  const sessions = await sessionDetails({ plan, daemons }, { signal }, environment);
  const routes: Record<string, RouteDetail[]> = {};
  await eachControlled(daemons, missing, async (daemon, socket) => {
    for (const router of daemon.routers) {
      const query = { router, prefix: null, table: "locRib", session: null } as const;
      const own: RouteDetail[] = [];
      const parts = inPartsInTime(daemon, { clock: environment.clock, signal }, (either) =>
        environment.control.routes(socket, query, either),
      );
      for await (const part of parts) own.push(...part);
      routes[router] = own;
    }
  });
  const reasons = new Set([...missing, ...sessions.missing]);
  return { logs, outputs, sessions: sessions.found, routes, missing: [...reasons] };
}
