import type { Removed, Runtime } from "../runtime/runtime.ts";
import type { Environment } from "./environment.ts";
import { lockLabIfWritable } from "./lock.ts";

/**
 * Takes a lab away, from what the machine itself shows, and yields each thing as it goes.
 *
 * Not cancellable: a lab that is half taken down helps nobody, and the work is short.
 *
 * @throws {LabLockedError} @throws {RuntimeError}
 */
export async function* down(
  lab: string,
  { runtime, directories }: Environment,
): AsyncGenerator<Removed, void, void> {
  using _ = lockLabIfWritable({ lab, command: "down" }, directories);
  yield* runtime.remove(lab);
}

/** Takes a lab away without telling; the caller has its lock. */
export async function removeLab(lab: string, runtime: Runtime): Promise<void> {
  for await (const _ of runtime.remove(lab));
}
