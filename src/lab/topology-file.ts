import { readFile } from "node:fs/promises";
import { compile } from "../plan/compile.ts";
import type { Plan } from "../plan/plan.ts";
import { runDirectory } from "../runtime/directory.ts";
import { parseTopology } from "../topology/parse.ts";
import type { Topology } from "../topology/topology.ts";
import type { Directories } from "./environment.ts";
import { FileError } from "./errors.ts";

/** What a topology file says. @throws {FileError} @throws {TopologyError} */
export async function readTopology(file: string): Promise<Topology> {
  return parseTopology({ file, text: await readText(file) });
}

/** What a topology file compiles to. @throws {FileError} @throws {TopologyError} @throws {RoutesUndecidedError} */
export async function readPlan(file: string, directories: Directories): Promise<Plan> {
  const topology = await readTopology(file);
  return compile(topology, {
    netnsDirectory: directories.netns,
    runDirectory: runDirectory(topology.name, directories.run),
  });
}

/** What each file compiles to. @throws {AggregateError} what is wrong with any of them */
export async function readPlans(files: readonly string[], directories: Directories): Promise<Plan[]> {
  const results = await Promise.allSettled(files.map((file) => readPlan(file, directories)));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, "some topology files cannot be used");
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

const unreadable = new Map([
  ["ENOENT", { why: "there is no such file", hint: "topologies/ has labs to start from" }],
  ["ENOTDIR", { why: "there is no such file", hint: "topologies/ has labs to start from" }],
  ["EISDIR", { why: "it is a directory", hint: "name a topology file in it" }],
  ["EACCES", { why: "permission denied", hint: "make the file readable, or become a user who may read it" }],
]);

async function readText(file: string): Promise<string> {
  try {
    // A byte order mark is none of the text.
    return (await readFile(file, "utf8")).replace(/^\u{feff}/u, "");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "no code";
    const { why, hint } = unreadable.get(code) ?? { why: code, hint: "name a topology file" };
    throw new FileError(`cannot read ${file}: ${why}`, { cause, hint });
  }
}
