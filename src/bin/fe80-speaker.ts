#!/usr/bin/env node
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { parseSpeakerConfig } from "../bgp/config/parse.ts";
import type { ConnectionId } from "../bgp/session/state.ts";
import { Speaker } from "../bgp/speaker/speaker.ts";
import { systemClock } from "../std/clock.ts";
import { LabError, messageOf } from "../std/errors.ts";

const USAGE = `usage: fe80-speaker CONFIG

Speaks BGP as the routers of CONFIG, a JSON file (docs/speaker.md), until SIGINT or SIGTERM.
CONFIG may be a pipe, such as /dev/stdin: the speaker starts when it has been written and closed.
`;

const Exit = { ok: 0, failed: 1, usage: 2, bug: 70 } as const;

async function main(args: readonly string[]): Promise<number> {
  const [path] = args;
  if (args.length !== 1 || path === undefined || path.startsWith("-")) {
    const asked = path === "--help" || path === "-h";
    (asked ? process.stdout : process.stderr).write(USAGE);
    return asked ? Exit.ok : Exit.usage;
  }
  process.title = "fe80-speaker";
  const config = parseSpeakerConfig(readConfig(path));
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await using _speaker = await Speaker.start(config, {
    clock: systemClock,
    random: Math.random,
    hostname: hostname(),
    pid: process.pid,
    newConnectionId: () => randomBytes(4).toString("hex") as ConnectionId,
  });
  await stopped;
  return Exit.ok;
}

class ConfigUnreadableError extends LabError {
  readonly code = "SPEAKER_CONFIG_UNREADABLE";
}

function readConfig(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ConfigUnreadableError(`${path}: ${messageOf(cause)}`, { cause });
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const expected = error instanceof LabError;
  process.stderr.write(`error: ${expected || !(error instanceof Error) ? messageOf(error) : error.stack}\n`);
  if (expected && error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
  process.exitCode = expected ? Exit.failed : Exit.bug;
}
