import { rm, stat } from "node:fs/promises";
import { deleteNetns, netnsInode } from "../../linux/netns.ts";
import { type Clock, pause } from "../../std/clock.ts";
import { RemovalError } from "../errors.ts";
import type { Removed } from "../runtime.ts";
import { labNetns } from "./netns-name.ts";
import { isAlive, listProcesses, type ProcessEntry, signalProcess } from "./process-table.ts";

/** How long a process may take to end by itself. */
const GRACE_MS = 2000;

/** How long the kernel may take to end it. */
const KILL_MS = 5000;

const LOOK_EVERY_MS = 5;

/** Undoing is never cut short. */
const never = new AbortController().signal;

/** Takes away a lab's processes, then its namespaces with all that is in them, then its directory. Safe to repeat. */
export async function* removeLab(
  lab: string,
  { directory, clock }: { directory: string; clock: Clock },
): AsyncGenerator<Removed> {
  yield* endProcesses(lab, clock);
  for (const { name } of labNetns().filter((netns) => netns.lab === lab)) {
    deleteNetns(name);
    yield { type: "netns", name };
  }
  if (await exists(directory)) {
    await rm(directory, { recursive: true, force: true });
    yield { type: "directory", name: directory };
  }
}

async function* endProcesses(lab: string, clock: Clock): AsyncGenerator<Removed> {
  for (const [signal, waitMs] of [
    ["SIGTERM", GRACE_MS],
    ["SIGKILL", KILL_MS],
  ] as const) {
    yield* endEach(lab, { signal, waitMs, clock });
  }
  const left = processesOf(lab).map(nameOf).join(", ");
  if (left !== "") throw new RemovalError(`processes of the lab ${lab} cannot be ended: ${left}`);
}

/** Signals each process once, those too that appear meanwhile, and waits until none is left or the time is up. */
async function* endEach(
  lab: string,
  { signal, waitMs, clock }: { signal: NodeJS.Signals; waitMs: number; clock: Clock },
): AsyncGenerator<Removed> {
  const deadline = clock.now() + waitMs;
  let known: ProcessEntry[] = [];
  for (;;) {
    const fresh = processesOf(lab).filter((process) => !known.some((other) => isSame(process, other)));
    for (const process of fresh) end(process, signal);
    const [alive, gone] = partition([...known, ...fresh], isAlive);
    for (const process of gone) yield { type: "process", name: nameOf(process) };
    if (alive.length === 0 || clock.now() >= deadline) return;
    known = alive;
    await pause(clock, LOOK_EVERY_MS, never);
  }
}

function end(process: ProcessEntry, signal: NodeJS.Signals): void {
  signalProcess(process, signal);
  // A process that is stopped does not hear that it should end.
  signalProcess(process, "SIGCONT");
}

/** Those that are marked as the lab's, and those that are in one of its namespaces, never this one. */
function processesOf(lab: string): ProcessEntry[] {
  const inodes = new Set(
    labNetns()
      .filter((netns) => netns.lab === lab)
      .map(({ path }) => netnsInode(path))
      .filter((inode) => inode !== undefined),
  );
  return listProcesses().filter(
    ({ pid, lab: mark, netns }) =>
      pid !== process.pid && (mark === lab || (netns !== undefined && inodes.has(netns))),
  );
}

function isSame(a: ProcessEntry, b: ProcessEntry): boolean {
  return a.pid === b.pid && a.startTime === b.startTime;
}

function nameOf({ program, pid }: ProcessEntry): string {
  return `${program} (${pid})`;
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const item of items) (test(item) ? yes : no).push(item);
  return [yes, no];
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
