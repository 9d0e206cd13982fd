import { readFile, writeFile } from "node:fs/promises";
import { runDirectory } from "../runtime/directory.ts";
import { DirectoryUnwritableError } from "../runtime/errors.ts";
import type { Environment } from "./environment.ts";

const startPath = (lab: string, { directories }: Pick<Environment, "directories">) =>
  `${runDirectory(lab, directories.run)}/started`;

/** Notes in a lab's directory that its `up` begins now. @throws {DirectoryUnwritableError} */
export async function noteStart(lab: string, environment: Environment): Promise<void> {
  const time = new Date(environment.clock.wallTime()).toISOString();
  await writeFile(startPath(lab, environment), time).catch((cause) => {
    throw new DirectoryUnwritableError(cause);
  });
}

/** When a lab's `up` began: ISO 8601, UTC; undefined for one that an older fe80 has brought up. */
export async function readStart(lab: string, environment: Environment): Promise<string | undefined> {
  return await readFile(startPath(lab, environment), "utf8").catch(() => undefined);
}
