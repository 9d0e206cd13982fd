import { type Daemon, fileOf, type PlacedFile } from "../kinds/kind.ts";
import type { Plan } from "../plan/plan.ts";
import type { SourcedLog } from "../report/merged-log.ts";
import { FileMissingError } from "../runtime/errors.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { messageOf } from "../std/errors.ts";

interface LogFile {
  readonly source: string;
  readonly file: PlacedFile;
}

/** Where the routers of a plan that have a log of their own keep it. */
export function logFiles({ nodes }: Plan, daemons: readonly Daemon[]): LogFile[] {
  return nodes.flatMap(({ name, router: { log } }) => {
    const daemon = daemons.find(({ routers }) => routers.includes(name));
    return log === null || !daemon ? [] : [{ source: name, file: fileOf(daemon, log) }];
  });
}

/** The logs that are there. @param missing is told why one that is cannot be read */
export async function readLogs(
  files: readonly LogFile[],
  missing: string[],
  { runtime, signal }: { runtime: Runtime; signal: AbortSignal },
): Promise<SourcedLog[]> {
  const logs = await Promise.all(
    files.map(async ({ source, file }) => {
      try {
        return [{ source, text: await readText(runtime, file, signal) }];
      } catch (error) {
        if (!(error instanceof FileMissingError)) missing.push(`${source}: ${messageOf(error)}`);
        return [];
      }
    }),
  );
  return logs.flat();
}

/** The whole text of a file. @throws {FileMissingError} */
export async function readText(runtime: Runtime, file: PlacedFile, signal: AbortSignal): Promise<string> {
  let text = "";
  for await (const part of runtime.readFile(file, { follow: false, signal })) text += part;
  return text;
}
