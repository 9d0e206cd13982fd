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
  /**
   * Starts it with ADD-PATH in both directions and graceful restart in both roles.
   *
   * @param originate prefixes that it announces, with the large community 65002:1:2
   */
  start(t: Test, lab: Lab, options: StartOptions): Promise<Daemon>;
}

export interface StartOptions {
  readonly originate: readonly string[];
  /** It was killed before, and keeps what it forwarded. */
  readonly again: boolean;
}

export interface Daemon {
  /** Whether its session with ours is up. */
  isUp(): Promise<boolean>;
  /** Of what it has from ours, each once, sorted. */
  prefixes(): Promise<readonly string[]>;
  /** All that it has from ours of one prefix. */
  paths(prefix: string): Promise<readonly Path[]>;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
}

export interface Path {
  /** ASNs apart by spaces. */
  readonly asPath: string;
  /** As `65011:1:2`, sorted. */
  readonly largeCommunities: readonly string[];
}

/** A program that runs in their namespace until the test ends. */
export interface Program {
  kill(): Promise<void>;
}

/** What it prints goes to a file in the lab's directory. */
export function startProgram(t: Test, lab: Lab, argv: readonly [string, ...string[]]): Program {
  const output = openSync(join(lab.directory, `${basename(argv[0])}.output`), "a");
  const child = spawn("ip", ["netns", "exec", basename(lab.theirs), ...argv], {
    stdio: ["ignore", output, output],
  });
  const closed = once(child, "close");
  const kill = async () => {
    child.kill("SIGKILL");
    await closed;
  };
  t.teardown(kill);
  return { kill };
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
