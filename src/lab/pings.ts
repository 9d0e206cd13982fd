import { type Ping, pingMismatch, pingsOf } from "../checks/expect/ping-check.ts";
import type { Check } from "../plan/plan.ts";
import type { Asked } from "./why-facts.ts";

/** Tries who reaches whom, once. @returns what is not as the check wants it @throws {LabError} if there is no program `ping` */
export async function tryPings(
  asked: Asked,
  check: Extract<Check, { type: "ping" }>,
): Promise<string | undefined> {
  const tried = await Promise.all(
    pingsOf(asked.plan, check).map(async (ping) => ({
      ...ping,
      answered: await answers(asked, check.router, ping),
    })),
  );
  return pingMismatch(check, tried);
}

/** Sends one request, and waits a second for its answer. */
async function answers({ plan, environment, signal }: Asked, router: string, ping: Ping): Promise<boolean> {
  const command = ["ping", "-n", "-q", "-c", "1", "-W", "1", "-I", ping.source, ping.target] as const;
  const { exitCode } = await environment.runtime.capture({ lab: plan.lab, router }, command, { signal });
  return exitCode === 0;
}
