import { accessSync, constants, statSync } from "node:fs";
import { ProgramNotFoundError } from "./errors.ts";

/** Where routing daemons are installed, though not every PATH has it. */
const SYSTEM_DIRECTORIES = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** A PATH that finds system programs too: first what it has, then what it lacks. */
export function searchPath(path: string): string {
  return [
    ...new Set([...path.split(":").filter((directory) => directory !== ""), ...SYSTEM_DIRECTORIES]),
  ].join(":");
}

/** The file that a command's first word means; a word with a slash is a path. @throws {ProgramNotFoundError} */
export function findProgram(program: string, path: string): string {
  const directories = searchPath(path);
  const candidates = program.includes("/")
    ? [program]
    : directories.split(":").map((directory) => `${directory}/${program}`);
  const found = candidates.find(isExecutable);
  if (found === undefined) throw new ProgramNotFoundError(program, directories);
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
