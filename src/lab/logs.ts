import { fileOf } from "../kinds/kind.ts";
import { FileMissingError } from "../runtime/errors.ts";
import type { Environment } from "./environment.ts";
import { LogMissingError, RouterUnknownError } from "./errors.ts";
import { readRecord } from "./lab-directory.ts";
import { runningLab } from "./names.ts";

/** The lines of a router's log as they were written, and with `follow` those still to come, until the lab is gone. */
export async function* logs(
  target: { lab: string; router: string },
  options: { follow: boolean; signal: AbortSignal },
  environment: Environment,
): AsyncGenerator<string> {
  const { name: lab } = await runningLab(target.lab, environment);
  const { plan, daemons } = await readRecord(lab, environment);
  const { router } = target;
  // By the record, not by the namespaces: a router whose namespace has gone still has its log.
  const node = plan.nodes.find(({ name }) => name === router);
  if (!node) throw new RouterUnknownError({ lab, router, routers: plan.nodes.map(({ name }) => name) });
  const daemon = daemons.find(({ routers }) => routers.includes(router));
  if (!daemon) throw new RangeError(`no daemon runs ${router}`);
  const path = node.router.log ?? daemon.log;
  yield* linesIn(environment.runtime.readFile(fileOf(daemon, path), options), { path, router });
}

async function* linesIn(
  text: AsyncIterable<string>,
  { path, router }: { path: string; router: string },
): AsyncGenerator<string> {
  let rest = "";
  try {
    for await (const part of text) {
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch (cause) {
    if (!(cause instanceof FileMissingError)) throw cause;
    const hint = "its daemon may not have come up";
    throw new LogMissingError(`${router} has no log at ${path}`, { cause, hint });
  }
  if (rest !== "") yield rest;
}
