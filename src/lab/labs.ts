import type { RunningLab } from "../runtime/runtime.ts";
import type { Environment } from "./environment.ts";
import { readRecord } from "./lab-directory.ts";

/** A lab of this machine; of one that is not on record nobody knows which of its routers are hosts. */
export interface KnownLab extends RunningLab {
  readonly hosts: readonly string[];
}

/** The labs of this machine, half-made ones too. */
export async function labs(environment: Environment): Promise<readonly KnownLab[]> {
  const running = await environment.runtime.labs();
  return await Promise.all(
    running.map(async ({ name, routers: members }) => {
      const record = await readRecord(name, environment).catch(() => undefined);
      const known = new Set(record?.plan.hosts.map((host) => host.name));
      return {
        name,
        routers: members.filter((member) => !known.has(member)),
        hosts: members.filter((member) => known.has(member)),
      };
    }),
  );
}
