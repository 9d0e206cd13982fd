import { type FileHandle, open } from "node:fs/promises";
import { type Clock, pause } from "../std/clock.ts";
import type { Environment } from "./environment.ts";
import { LogMissingError, RouterUnknownError } from "./errors.ts";
import { readRecord } from "./lab-directory.ts";
import { runningLab } from "./names.ts";

/** Between two looks at a log that is followed. */
const followMs = 100;

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
  const path = node.router.log ?? daemons.find(({ routers }) => routers.includes(router))?.log;
  await using file = await openLog(path ?? "", router);
  yield* readLines(file, { ...options, clock: environment.clock });
}

async function openLog(path: string, router: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    throw new LogMissingError(`${router} has no log at ${path}`, {
      cause,
      hint: "its daemon may not have come up",
    });
  }
}

async function* readLines(
  file: FileHandle,
  { follow, clock, signal }: { follow: boolean; clock: Clock; signal: AbortSignal },
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let rest = "";
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) {
      if (!follow || (await file.stat()).nlink === 0) break;
      await pause(clock, followMs, signal);
      continue;
    }
    const lines = (rest + decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
