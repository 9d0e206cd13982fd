import { readFile } from "node:fs/promises";
import type { Plan } from "../plan/plan.ts";
import type { SourcedLog } from "../report/merged-log.ts";
import { messageOf } from "../std/errors.ts";

interface LogPath {
  readonly source: string;
  readonly path: string;
}

/** Where the routers of a plan that have a log of their own keep it. */
export function logPaths({ nodes }: Plan): LogPath[] {
  return nodes.flatMap(({ name, router: { log } }) => (log === null ? [] : [{ source: name, path: log }]));
}

/** The logs that are there. @param missing is told why one that is cannot be read */
export async function readLogs(paths: readonly LogPath[], missing: string[]): Promise<SourcedLog[]> {
  const logs = await Promise.all(
    paths.map(async ({ source, path }) => {
      try {
        return [{ source, text: await readFile(path, "utf8") }];
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT")
          missing.push(`${source}: ${messageOf(error)}`);
        return [];
      }
    }),
  );
  return logs.flat();
}
