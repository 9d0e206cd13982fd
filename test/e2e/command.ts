import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { listNetns } from "../../src/linux/netns.ts";
import { Rtnetlink } from "../../src/linux/rtnetlink/rtnetlink.ts";

export interface Result {
  /** An exit code, or the name of the signal that ended it. */
  readonly exit: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Result>;
  /** What it has written to standard output so far. */
  said(): string;
  kill(signal: NodeJS.Signals): void;
  /** Closes our ends of its standard output and standard error. */
  stopReading(): void;
}

/** Begins a command that is to run without what tap loads into every Node.js, which needs its directory and may write there. */
export const withoutTap = ["env", "-u", "NODE_OPTIONS"] as const;

/** Starts `./fe80` as a user does. */
export function start(...args: string[]): Running {
  const child = spawn("./fe80", args, { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Result>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ exit: code ?? signal ?? "SIGKILL", stdout, stderr }));
  });
  const stopReading = () => {
    child.stdout.destroy();
    child.stderr.destroy();
  };
  return { ended, said: () => stdout, kill: (signal) => void child.kill(signal), stopReading };
}

/** Runs `./fe80` to its end. */
export function fe80(...args: string[]): Promise<Result> {
  return start(...args).ended;
}

/** A file with this text, gone when the test ends. */
export function file(t: Test, text: string, name = "lab.yaml"): string {
  const directory = mkdtempSync(join(tmpdir(), "fe80-e2e-"));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

/** A shipped topology under another name, so that tests beside each other do not meet; taken down when the test ends. */
export function topology(t: Test, shipped: string, name: string): string {
  t.teardown(() => fe80("down", name, "--quiet"));
  const text = readFileSync(`topologies/${shipped}.yaml`, "utf8");
  return file(t, text.replace(/^name: .*$/m, `name: ${name}`), `${name}.yaml`);
}

/** All of a lab that can be seen on this machine, and what the host's own namespace has. */
export function traces(lab: string) {
  using rtnetlink = Rtnetlink.open(null);
  return {
    namespaces: listNetns().filter((name) => name.startsWith(`fe80.${lab}.`)),
    processes: processesOf(lab),
    directory: existsSync(`/run/fe80/${lab}`),
    hostLinks: rtnetlink.links().map(({ ifname }) => ifname),
    hostAddresses: rtnetlink.addresses().map(({ address }) => address),
    hostRoutes: readFileSync("/proc/self/net/route", "utf8"),
  };
}

/** Processes with the lab's mark, and any speaker that has its name in its configuration's path. */
function processesOf(lab: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`FE80_LAB=${lab}`);
    } catch {
      return false; // it has just ended
    }
  });
}

/** What `traces` finds of a lab that is not there, given what it found of the host before. */
export function nothing(before: ReturnType<typeof traces>): ReturnType<typeof traces> {
  return { ...before, namespaces: [], processes: [], directory: false };
}

/** Waits until a fact holds, asking again whenever the event loop has turned. @throws after 30 s */
export async function until(fact: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(30_000);
  while (!(await fact())) {
    deadline.throwIfAborted();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
