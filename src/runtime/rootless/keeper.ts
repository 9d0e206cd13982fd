import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { MACHINE_RUN } from "../directory.ts";
import { RootlessForbiddenError } from "../errors.ts";
import { findProgram, searchPath } from "../program.ts";
import { forbiddingSetting } from "./settings.ts";

/**
 * Holds an ordinary user's own user, network, mount and PID namespaces, in which that user is root: the first process of
 * that PID namespace, with which all others in it end.
 */
export interface Keeper {
  /** As this process sees it. */
  readonly pid: number;
  /** Names its PID namespace. */
  readonly pidNamespace: string;
}

/** The environment variable that marks a keeper, and what it waits with. */
const KEEPER_MARK = "FE80_KEEPER";

/**
 * What keeps its peace in the namespaces: /run is the user's own there, and who has lost its parent is reaped.
 *
 * The machine's /run, in which a Docker Engine listens, gets another place by way of one that every system has.
 */
const script = [
  "mount --rbind /run /mnt 2>&- && machine=/mnt",
  "mount -t tmpfs -o mode=755 fe80 /run || exit",
  `if [ "$machine" ]; then mkdir ${MACHINE_RUN} && mount --move /mnt ${MACHINE_RUN}; fi`,
  "echo ready",
  "while :; do sleep 86400 >&- 2>&-; done",
].join("\n");

/** This user's keeper if there is one. Of two that were made at once all take the same. */
export function findKeeper(): Keeper | undefined {
  return listKeepers()[0];
}

/** A user's keeper, made if there is none. @throws {RootlessForbiddenError} @throws {ProgramNotFoundError} */
export async function ensureKeeper(path: string): Promise<Keeper> {
  const found = findKeeper();
  if (found) return found;
  await startKeeper(path);
  const [keeper, ...others] = listKeepers();
  for (const other of others) endKeeper(other);
  if (keeper) return keeper;
  throw new RootlessForbiddenError("the namespaces were made, and are gone");
}

/** Ends a keeper in which nothing is left, neither labs nor commands at work. */
export function endIdleKeeper(keeper: Keeper): void {
  if (!hasLabs(keeper) && !hasCommands(keeper)) endKeeper(keeper);
}

async function startKeeper(path: string): Promise<void> {
  const namespaces = ["--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--mount-proc"];
  const child = spawn(findProgram("unshare", path), [...namespaces, "sh", "-c", script], {
    cwd: "/",
    detached: true,
    env: { PATH: searchPath(path), [KEEPER_MARK]: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { stderr, isReady } = await readiness(child);
  if (!isReady) throw new RootlessForbiddenError(forbiddingSetting() ?? stderr.trim());
  child.unref();
}

/** Waits for the keeper's word, or its end. */
async function readiness(child: ChildProcess): Promise<{ isReady: boolean; stderr: string }> {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<false>((resolve) => {
    child.once("error", (error) => {
      stderr ||= error.message;
      resolve(false);
    });
    child.once("close", () => resolve(false));
  });
  const ready = child.stdout ? once(child.stdout, "data").then(() => true) : ended;
  const isReady = await Promise.race([ready, ended]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return { isReady, stderr };
}

function endKeeper({ pid }: Keeper): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** By age, as far as pids tell it. */
function listKeepers(): Keeper[] {
  return pids().flatMap((pid) => {
    const pidNamespace = read(() => readlinkSync(`/proc/${pid}/ns/pid`));
    const isKeeper = isMarked(pid) && isFirst(pid);
    return pidNamespace !== undefined && isKeeper ? [{ pid, pidNamespace }] : [];
  });
}

function isMarked(pid: number): boolean {
  const environment = read(() => readFileSync(`/proc/${pid}/environ`, "utf8"));
  return environment?.split("\0").includes(`${KEEPER_MARK}=1`) ?? false;
}

/** Whether it is number 1 of a PID namespace below ours (proc(5), `NSpid`). */
function isFirst(pid: number): boolean {
  const status = read(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "";
  const [, numbers = ""] = /^NSpid:\s+(.*)$/m.exec(status) ?? [];
  const all = numbers.split(/\s+/);
  return all.length > 1 && all.at(-1) === "1";
}

function hasLabs({ pid }: Keeper): boolean {
  const list = (directory: string) => read(() => readdirSync(`/proc/${pid}/root/run/${directory}`)) ?? [];
  return list("netns").length > 0 || list("fe80").length > 0;
}

/**
 * Commands come from outside, and so their parents are there; what they leave behind becomes the keeper's, such as a speaker
 * that is only just being killed, and ends with it.
 */
function hasCommands({ pidNamespace }: Keeper): boolean {
  const isInside = (pid: number) => read(() => readlinkSync(`/proc/${pid}/ns/pid`)) === pidNamespace;
  return pids()
    .filter((pid) => isInside(pid) && !isMarked(pid))
    .some((pid) => {
      const parent = parentOf(pid);
      return parent !== undefined && !isInside(parent);
    });
}

/** @returns undefined if the process is gone */
function parentOf(pid: number): number | undefined {
  const status = read(() => readFileSync(`/proc/${pid}/status`, "utf8"));
  const [, parent] = /^PPid:\s+(\d+)$/m.exec(status ?? "") ?? [];
  return parent === undefined ? undefined : Number(parent);
}

function pids(): number[] {
  const numbers = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).sort((a, b) => a - b);
}

/** Other users' processes do not tell, and any may end between two looks. */
function read<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
