import { glob, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { FileError } from "./errors.ts";

/**
 * The topology files that arguments mean: files as they are, the YAML files right in a directory, and what a pattern such as
 * `labs/*.yaml` matches. Sorted within each argument, each file once.
 *
 * @throws {FileError} if a directory or a pattern has none
 */
export async function findTopologyFiles(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(paths.map(filesOf));
  return [...new Set(found.flat())];
}

async function filesOf(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return inDirectory(path);
  // A file that is not there is told of when it is read, as any other that cannot be.
  if (found !== undefined || !/[*?[{]/.test(path)) return [path];
  const matches: string[] = [];
  for await (const match of glob(path)) matches.push(match);
  if (matches.length > 0) return matches.sort();
  throw new FileError(`no file matches ${path}`, {
    hint: "a pattern is written labs/*.yaml or labs/**/*.yaml",
  });
}

async function inDirectory(path: string): Promise<string[]> {
  const names = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new FileError(`${path} has no topology file`, {
    hint: `files right in it that end in .yaml or .yml are taken; for those further down: '${join(path, "**/*.yaml")}'`,
  });
}
