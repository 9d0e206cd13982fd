import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { Test } from "tap";
import type { Lab } from "./lab.ts";

/** A BGP implementation of somebody else's, as the peer of ours. */
export interface Make {
  readonly name: string;
  start(t: Test, lab: Lab): Promise<Daemon>;
}

export interface Daemon {
  /** Whether its session with ours is up. */
  isUp(): Promise<boolean>;
  /** Of what it has from ours, each once, sorted. */
  prefixes(): Promise<readonly string[]>;
}

/** Starts a program in their namespace that runs until the test ends; what it prints goes to a file in the lab's directory. */
export function startProgram(t: Test, lab: Lab, argv: readonly [string, ...string[]]): void {
  const output = openSync(join(lab.directory, `${basename(argv[0])}.output`), "a");
  const child = spawn("ip", ["netns", "exec", basename(lab.theirs), ...argv], {
    stdio: ["ignore", output, output],
  });
  const closed = once(child, "close");
  t.teardown(async () => {
    child.kill("SIGKILL");
    await closed;
  });
}

const execute = promisify(execFile);

/** What a program prints; empty if it fails, as it does before its daemon listens. */
export async function ask(command: string, ...args: string[]): Promise<string> {
  try {
    return (await execute(command, args)).stdout;
  } catch {
    return "";
  }
}

/** The same for a program that prints JSON. */
export async function askJson<T>(command: string, ...args: string[]): Promise<T | undefined> {
  try {
    return JSON.parse(await ask(command, ...args)) as T;
  } catch {
    return undefined;
  }
}
