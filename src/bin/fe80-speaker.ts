#!/usr/bin/env node
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { parseSpeakerConfig } from "../bgp/config/parse.ts";
import type { ConnectionId } from "../bgp/session/state.ts";
import { OwnProcess } from "../bgp/speaker/own-process.ts";
import { Speaker } from "../bgp/speaker/speaker.ts";
import { type LabPaths, watchLab } from "../runtime/netns/lab-watch.ts";
import { LAB_MARK } from "../runtime/netns/process-table.ts";
import { takeUpWork } from "../runtime/netns/take-up.ts";
import { systemClock } from "../std/clock.ts";
import { LabError, messageOf } from "../std/errors.ts";

const USAGE = `usage: fe80-speaker CONFIG

Speaks BGP as the routers of CONFIG, a JSON file (docs/speaker.md), until SIGINT or SIGTERM.
CONFIG may be a pipe, such as /dev/stdin: the speaker starts when it has been written and closed.
`;

const Exit = { ok: 0, failed: 1, usage: 2, bug: 70 } as const;

/** By then a small lab has converged, and its speaker has compiled what it needs. */
const KEEP_COMPILED_AFTER_MS = 250;

async function main(args: readonly string[]): Promise<number> {
  const [path] = args;
  if (args.length !== 1 || path === undefined || path.startsWith("-")) {
    const asked = path === "--help" || path === "-h";
    (asked ? process.stdout : process.stderr).write(USAGE);
    return asked ? Exit.ok : Exit.usage;
  }
  process.title = "fe80-speaker";
  const value = readConfig(path);
  if (value === undefined) return Exit.ok; // it was on standby, and nobody needed it
  const config = parseSpeakerConfig(value);
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop());
  using ownProcess = new OwnProcess();
  await using speaker = await Speaker.start(config, {
    clock: systemClock,
    random: Math.random,
    hostname: hostname(),
    pid: process.pid,
    processStatus: () => ownProcess.status,
    newConnectionId: () => randomBytes(4).toString("hex") as ConnectionId,
  });
  // Not at the end, which is SIGKILL where a lab is taken down, nor at once: what sessions need is compiled when they begin.
  using __ = systemClock.after(KEEP_COMPILED_AFTER_MS, flushCompileCache);
  using _ = followLab({ directory: dirname(config.control), netns: () => speaker.namespaces }, stop);
  await stopped;
  return Exit.ok;
}

/** A speaker of a lab does not outlive it, even if `fe80 down` did not take the lab away. */
function followLab(lab: LabPaths, stop: () => void): Disposable | undefined {
  return process.env[LAB_MARK] === undefined ? undefined : watchLab(lab, systemClock, stop);
}

class ConfigUnreadableError extends LabError {
  readonly code = "SPEAKER_CONFIG_UNREADABLE";
}

/** @returns undefined if there is nothing to do for it any more */
function readConfig(path: string): unknown {
  try {
    // Not opened anew: a pipe that root made would be closed to one who is not.
    const text = path === "/dev/stdin" ? takeUpWork() : readFileSync(path, "utf8");
    return text === undefined ? undefined : JSON.parse(text);
  } catch (cause) {
    throw new ConfigUnreadableError(`${path}: ${messageOf(cause)}`, { cause });
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // What the machine refuses, such as a socket on a full disk, is no bug either.
  const expected = error instanceof LabError || (error instanceof Error && "syscall" in error);
  process.stderr.write(`error: ${expected || !(error instanceof Error) ? messageOf(error) : error.stack}\n`);
  if (error instanceof LabError && error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
  process.exitCode = expected ? Exit.failed : Exit.bug;
}
