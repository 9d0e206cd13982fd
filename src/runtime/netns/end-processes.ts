import { type Clock, pause } from "../../std/clock.ts";
import { RemovalError } from "../errors.ts";
import type { Removed } from "../runtime.ts";
import { isAlive, type ProcessEntry, signalProcess } from "./process-table.ts";

/** How long a process may take to end by itself. */
const GRACE_MS = 2000;

/** How long the kernel may take to end it. */
const KILL_MS = 5000;

const LOOK_EVERY_MS = 5;

interface Ending {
  readonly what: string;
  /** Those that are there now. */
  readonly list: () => ProcessEntry[];
  /** Whether a process is to be killed at once. */
  readonly kills: (process: ProcessEntry) => boolean;
  /** Those that were killed before. */
  readonly killed?: readonly ProcessEntry[];
}

/** Undoing is never cut short. */
const never = new AbortController().signal;

/**
 * Ends processes, and those that appear among them meanwhile, first politely but for those that are to be killed at once.
 *
 * @param what they are, for the message, e.g. `"processes of the lab ring"`
 * @throws {RemovalError} if one cannot be ended
 */
export async function* endProcesses(
  { what, list, kills, killed = [] }: Ending,
  clock: Clock,
): AsyncGenerator<Removed> {
  const politely = (process: ProcessEntry) => (kills(process) ? "SIGKILL" : "SIGTERM");
  const [polite, rude] = [
    { signalFor: politely, waitMs: GRACE_MS, clock, signaled: killed },
    { signalFor: () => "SIGKILL" as const, waitMs: KILL_MS, clock, signaled: [] },
  ];
  if ((yield* endEach(list, polite)) || (yield* endEach(list, rude))) return;
  const left = list().map(nameOf).join(", ");
  if (left !== "") throw new RemovalError(`${what} cannot be ended: ${left}`);
}

interface EndingEach {
  readonly signalFor: (process: ProcessEntry) => NodeJS.Signals;
  readonly waitMs: number;
  readonly clock: Clock;
  /** Those that have their signal. */
  readonly signaled: readonly ProcessEntry[];
}

/** Signals each process once, then those that have appeared meanwhile, and waits until none is left or the time is up. @returns whether none is left */
async function* endEach(
  list: () => ProcessEntry[],
  { signalFor, waitMs, clock, signaled }: EndingEach,
): AsyncGenerator<Removed, boolean> {
  const deadline = clock.now() + waitMs;
  let known = [...signaled];
  for (;;) {
    const fresh = list().filter((process) => !known.some((other) => isSame(process, other)));
    if (fresh.length + known.length === 0) return true;
    for (const process of fresh) end(process, signalFor(process));
    known = [...known, ...fresh];
    // To list all processes of a machine costs much more than a look at those that are known.
    while (known.length > 0) {
      const [alive, gone] = partition(known, isAlive);
      for (const process of gone) yield { type: "process", name: nameOf(process) };
      if (clock.now() >= deadline) return false;
      known = alive;
      if (known.length > 0) await pause(clock, LOOK_EVERY_MS, never);
    }
  }
}

function end(process: ProcessEntry, signal: NodeJS.Signals): void {
  signalProcess(process, signal);
  // A process that is stopped does not hear that it should end.
  signalProcess(process, "SIGCONT");
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
