import { access, mkdir, open, readdir, readFile, rename, writeFile } from "node:fs/promises";
import type { Daemon } from "../kinds/kind.ts";
import { daemonsOf, spreadOf } from "../kinds/kinds.ts";
import type { Spread, Spreading } from "../kinds/spread.ts";
import type { PlanPaths } from "../plan/compile.ts";
import { hasContainers } from "../plan/containers.ts";
import type { Expectation, Plan } from "../plan/plan.ts";
import { runDirectory } from "../runtime/directory.ts";
import { DirectoryUnwritableError } from "../runtime/errors.ts";
import type { Scope } from "../runtime/runtime.ts";
import type { Directories, Environment } from "./environment.ts";
import { LabExistsError, LabIncompleteError } from "./errors.ts";
import { type PackedRoutes, packRoutes, unpackRoutes } from "./packed-routes.ts";

/** What a lab leaves in its directory for later commands. */
interface LabRecord {
  readonly plan: Plan;
  /** Over how many processes the lab's speakers may be spread. */
  readonly processes: Spreading["processes"];
  /** Which of them run what, which names their sockets. */
  readonly spread: Spread;
  /** What the lab was before, while it is being changed, and from then on if that did not come to its end. */
  readonly from?: Pick<LabRecord, "plan" | "spread">;
}

/** The same as JSON. */
interface WrittenRecord extends Pick<LabRecord, "processes" | "spread"> {
  /** Whether it has containers, or had some before. It comes first, so that {@link mayHaveContainers} need not read all. */
  readonly isContained: boolean;
  readonly plan: PackedPlan;
  readonly from?: { readonly plan: PackedPlan; readonly spread: Spread };
}

type PackedPlan = Omit<Plan, "expectation"> & {
  readonly expectation: Omit<Expectation, "routes"> & { readonly routes: PackedRoutes };
};

/** Where records are, and who runs what. */
type RecordContext = Pick<Environment, "directories"> & Spreading & Pick<LabRecord, "from">;

/**
 * Makes the lab's directory, which claims its name.
 *
 * @throws {LabExistsError} if it is there already @throws {DirectoryUnwritableError}
 */
export async function claimDirectory(lab: string, directories: Directories): Promise<void> {
  await mkdir(directories.run, { recursive: true }).catch(unwritable);
  try {
    await mkdir(runDirectory(lab, directories.run));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw new LabExistsError(lab);
    unwritable(error);
  }
}

/** The labs that have a directory, running or not. */
export async function labDirectories({ run }: Directories): Promise<string[]> {
  const entries = await readdir(run, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** Whether a lab has a record, readable or not. */
export async function isOnRecord(lab: string, directories: Directories): Promise<boolean> {
  return await access(recordPath(lab, directories)).then(
    () => true,
    () => false,
  );
}

/** Leaves the lab's record for later commands. @throws {DirectoryUnwritableError} */
export async function writeRecord(plan: Plan, context: RecordContext): Promise<void> {
  await write(plan, context).catch(unwritable);
}

function unwritable(cause: unknown): never {
  throw new DirectoryUnwritableError(cause);
}

/** Writes the record whole or not at all: a reader never sees half of it. */
async function write(plan: Plan, { directories, ...spreading }: RecordContext): Promise<void> {
  const path = recordPath(plan.lab, directories);
  const { processes, from } = spreading;
  const spread = spreadOf(plan, spreadingOf(plan, spreading));
  const isContained = [plan, from?.plan].some((each) => each !== undefined && hasContainers(each));
  const record: WrittenRecord = {
    isContained,
    plan: packPlan(plan),
    processes,
    spread,
    ...(from && { from: { ...from, plan: packPlan(from.plan) } }),
  };
  // The plan has keys of sessions in it.
  await writeFile(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Whether a lab may have containers: it surely has, or has none, only if its record says so. */
export async function mayHaveContainers(
  lab: string,
  { directories }: Pick<Environment, "directories">,
): Promise<Scope["containers"]> {
  const start = await readStart(recordPath(lab, directories)).catch(() => "");
  const [, isContained] = /^\{"isContained":(true|false),/.exec(start) ?? [];
  if (isContained === undefined) return true;
  return isContained === "true" && "surely";
}

/** The first octets of a file: to read the record of a thousand routers takes longer than to take them away. */
async function readStart(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(new Uint8Array(64));
  return new TextDecoder().decode(buffer.subarray(0, bytesRead));
}

/** The plan and the daemons of a lab that is there. @throws {LabIncompleteError} if it has no readable record */
export async function readRecord(
  lab: string,
  environment: Environment,
): Promise<LabRecord & { readonly daemons: Daemon[] }> {
  try {
    const record = await readJson(lab, environment.directories);
    return { ...record, daemons: daemonsFor(record.plan, { ...environment, ...record }) };
  } catch (cause) {
    throw new LabIncompleteError(lab, cause);
  }
}

async function readJson(lab: string, directories: Directories): Promise<LabRecord> {
  const text = await readFile(recordPath(lab, directories), "utf8");
  const { plan, processes, spread, from } = JSON.parse(text) as WrittenRecord;
  return {
    plan: unpackPlan(plan),
    processes,
    spread,
    ...(from && { from: { ...from, plan: unpackPlan(from.plan) } }),
  };
}

function packPlan({ expectation, ...plan }: Plan): PackedPlan {
  return { ...plan, expectation: { ...expectation, routes: packRoutes(expectation.routes) } };
}

function unpackPlan({ expectation, ...plan }: PackedPlan): Plan {
  return { ...plan, expectation: { ...expectation, routes: unpackRoutes(expectation.routes) } };
}

/** Where the files and namespaces of a lab are. */
export function planPaths(lab: string, { netns, run }: Directories): PlanPaths {
  return { netnsDirectory: netns, runDirectory: runDirectory(lab, run) };
}

/** The processes that run a plan here. */
export function daemonsFor(plan: Plan, context: RecordContext & Pick<Environment, "speaker">): Daemon[] {
  const { directories, speaker } = context;
  const directory = runDirectory(plan.lab, directories.run);
  return daemonsOf(plan, { directory, ...spreadingOf(plan, context), speaker });
}

function spreadingOf({ isolated }: Plan, { processes, spread }: Spreading): Spreading {
  return { processes: isolated ? "isolated" : processes, ...(spread && { spread }) };
}

/** The process that runs a router of the plan. */
export function daemonOf(daemons: readonly Daemon[], router: string): Daemon {
  const found = daemons.find(({ routers }) => routers.includes(router));
  if (!found) throw new RangeError(`no daemon runs ${router}`);
  return found;
}

const recordPath = (lab: string, directories: Directories) =>
  `${runDirectory(lab, directories.run)}/plan.json`;
