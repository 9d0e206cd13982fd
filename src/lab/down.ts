import type { Removed, Runtime, Scope } from "../runtime/runtime.ts";
import type { Environment } from "./environment.ts";
import { mayHaveContainers } from "./lab-directory.ts";
import { lockLabIfWritable } from "./lock.ts";

/**
 * Takes a lab away, from what the machine itself shows, and yields each thing as it goes.
 *
 * Not cancellable: a lab that is half taken down helps nobody, and the work is short.
 *
 * @throws {LabLockedError} @throws {RuntimeError}
 */
export async function* down(lab: string, environment: Environment): AsyncGenerator<Removed, void, void> {
  using _ = lockLabIfWritable({ lab, command: "down" }, environment.directories);
  yield* environment.runtime.remove(lab, { containers: await mayHaveContainers(lab, environment) });
}

/** Takes a lab away without telling; the caller has its lock. */
export async function removeLab(lab: string, scope: Scope, runtime: Runtime): Promise<void> {
  for await (const _ of runtime.remove(lab, scope));
}
