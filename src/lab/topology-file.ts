import { readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openClab } from "../exchange/clab-form.ts";
import type { ReplaceKinds } from "../exchange/clab-kinds.ts";
import type { ExportFormat } from "../exchange/export-topology.ts";
import { compile } from "../plan/compile.ts";
import type { Plan } from "../plan/plan.ts";
import { LabError } from "../std/errors.ts";
import type { Diagnostic } from "../topology/diagnostic.ts";
import type { Included, Surroundings, Unreadable } from "../topology/include.ts";
import { readTopology } from "../topology/parse.ts";
import type { RuntimeName, Topology } from "../topology/topology.ts";
import type { Directories } from "./environment.ts";
import { FileError } from "./errors.ts";
import { planPaths } from "./lab-directory.ts";
import { imported, inOwnForm } from "./own-form.ts";

/** How to read files of other tools, and what to do with warnings; without it all are as they are, and nobody is warned. */
export interface ReadOptions {
  /** Kinds of containerlab's that become ours. */
  readonly replaceKinds?: ReplaceKinds;
  /** What routers run in, in the place of what the file says of all of them. */
  readonly runtime?: RuntimeName | undefined;
  /** A file that goes over each topology file, as if it included that. */
  readonly checks?: string | undefined;
  /** Steps in the place of those of the file, as JSON has them. */
  readonly steps?: readonly unknown[] | undefined;
  /** Is told what a file says but hardly means. */
  readonly warn?: (text: string) => void;
}

/** What a topology file compiles to. @throws {FileError} @throws {TopologyError} @throws {RoutesUndecidedError} */
export async function readPlan(
  file: string,
  directories: Directories,
  options: ReadOptions = {},
): Promise<Plan> {
  const { plan, warnings } = await checkFile(file, directories, options);
  for (const { text } of warnings) options.warn?.(text);
  return plan;
}

/** What a topology file says, whoever's form it has. @throws {FileError} @throws {TopologyError} */
export async function readTopologyFile(
  file: string,
  { replaceKinds = new Map(), runtime, ...over }: ReadOptions = {},
): Promise<{ topology: Topology; warnings: readonly Diagnostic[] }> {
  const { environment } = surroundings;
  const own = await inOwnForm({ file, text: await readText(file) }, { environment, replaceKinds });
  const { input, read } = await overlaid(own.input, over);
  const { topology, warnings } = readTopology(input, { ...surroundings, read, runtime });
  return { topology, warnings: [...own.warnings, ...warnings] };
}

/** A topology file under what goes over it: a file of our own that includes it. */
async function overlaid(
  input: Included,
  { checks, steps }: Pick<ReadOptions, "checks" | "steps">,
): Promise<{ input: Included; read: Surroundings["read"] }> {
  if (checks === undefined && steps === undefined) return { input, read: readIncluded };
  const over = checks === undefined ? [] : [{ file: checks, text: await readText(checks) }];
  const parts = [input, ...over];
  const text = JSON.stringify({ include: parts.map(({ file }) => file), steps });
  const whole = { file: "steps", text };
  const read: Surroundings["read"] = (path, from) =>
    parts.find(({ file }) => from === whole.file && path === file) ?? readIncluded(path, from);
  return { input: whole, read };
}

/** The name of the lab that a topology file is of, even if not all of it can be run. @throws what {@link readPlan} throws */
export async function readLabName(file: string): Promise<string> {
  const clab = openClab({ file, text: await readText(file) });
  const { clabName } = await import("../exchange/import-clab.ts");
  const name = clab && clabName(clab, surroundings.environment);
  return name ?? (await readTopologyFile(file)).topology.name;
}

/** A topology in another tool's words. @throws {FileError} @throws {TopologyError} */
export async function exportFile(file: string, format: ExportFormat, options: ReadOptions): Promise<string> {
  const { topology, warnings } = await readTopologyFile(file, options);
  for (const { text } of warnings) options.warn?.(text);
  const { exportTopology } = await import("../exchange/export-topology.ts");
  return exportTopology(topology, format);
}

/** What a containerlab file becomes. @throws {FileError} @throws {TopologyError} */
export async function importFile(
  file: string,
  { replaceKinds = new Map() }: ReadOptions,
): Promise<{ text: string; warnings: readonly Diagnostic[] }> {
  const { environment } = surroundings;
  const { input, warnings } = await imported(
    { file, text: await readText(file) },
    { environment, replaceKinds },
  );
  return { text: input.text, warnings };
}

/** A sound topology file: what it compiles to, and what it says but hardly means. */
export interface SoundFile {
  readonly topology: Topology;
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
}

async function checkFile(file: string, directories: Directories, options: ReadOptions): Promise<SoundFile> {
  const { topology, warnings } = await readTopologyFile(file, options);
  return { topology, plan: compile(topology, planPaths(topology.name, directories)), warnings };
}

/** A file, and what is to be said of it. */
export type CheckedFile = { readonly file: string } & (SoundFile | { readonly error: LabError });

/** What becomes of each file. @throws whatever is not the file's fault */
export async function checkFiles(
  files: readonly string[],
  directories: Directories,
  options: ReadOptions = {},
): Promise<CheckedFile[]> {
  const { checkSteps } = await import("../plan/check-steps.ts");
  return await Promise.all(
    files.map(async (file): Promise<CheckedFile> => {
      try {
        const sound = await checkFile(file, directories, options);
        checkSteps(sound.topology, planPaths(sound.plan.lab, directories));
        return { file, ...sound };
      } catch (error) {
        if (error instanceof LabError) return { file, error };
        throw error;
      }
    }),
  );
}

/** The environment of this process, and the files beside a topology. */
const surroundings: Surroundings = { environment: process.env, read: readIncluded };

/** A text in it takes long to read, and a device has no end. */
const maxIncluded = 4 * 1024 * 1024;

function readIncluded(path: string, from: string): Included | Unreadable {
  const file = join(path.startsWith("/") ? "/" : dirname(from), path);
  try {
    const found = statSync(file);
    if (found.isDirectory()) return { problem: "it is a directory", hint: "name a file in it" };
    if (!found.isFile()) return { problem: "it is no file", hint: "only files can be included" };
    if (found.size > maxIncluded) return { problem: "it is larger than 4 MiB", hint: "is it a fragment?" };
    return { file, text: withoutMark(readFileSync(file, "utf8")) };
  } catch (error) {
    const { why } = unreadable.get(codeOf(error)) ?? { why: codeOf(error) };
    return { problem: why, hint: `paths are relative to ${from}: this is ${file}` };
  }
}

const unreadable = new Map([
  ["ENOENT", { why: "there is no such file", hint: "topologies/ has labs to start from" }],
  ["ENOTDIR", { why: "there is no such file", hint: "topologies/ has labs to start from" }],
  ["EISDIR", { why: "it is a directory", hint: "name a topology file in it" }],
  ["EACCES", { why: "permission denied", hint: "make the file readable, or become a user who may read it" }],
]);

async function readText(file: string): Promise<string> {
  try {
    return withoutMark(await readFile(file, "utf8"));
  } catch (cause) {
    const code = codeOf(cause);
    const { why, hint } = unreadable.get(code) ?? { why: code, hint: "name a topology file" };
    throw new FileError(`cannot read ${file}: ${why}`, { cause, hint });
  }
}

/** A byte order mark is none of the text. */
function withoutMark(text: string): string {
  return text.replace(/^\u{feff}/u, "");
}

function codeOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException).code ?? "no code";
}
