import type { Removed, Runtime } from "../runtime/runtime.ts";
import type { Environment } from "./environment.ts";

/**
 * Takes a lab away, from what the machine itself shows, and yields each thing as it goes.
 *
 * Not cancellable: a lab that is half taken down helps nobody, and the work is short.
 */
export function down(lab: string, { runtime }: Environment): AsyncIterable<Removed> {
  return runtime.remove(lab);
}

/** Takes a lab away without telling. */
export async function removeLab(lab: string, runtime: Runtime): Promise<void> {
  for await (const _ of runtime.remove(lab));
}
