import { type Clock, pause } from "../../std/clock.ts";
import { ProgramFailedError } from "../errors.ts";
import type { DaemonState } from "../runtime.ts";
import { type ProcessEntry, signalProcess } from "./process-table.ts";

/** How long the kernel may take to halt processes, or to let them go on. */
const PATIENCE_MS = 5000;

/** How long halting may take until it is begun anew. */
const ATTEMPT_MS = 20;

const LOOK_EVERY_MS = 2;

/** A pause that is cut short would be half of one. */
const never = new AbortController().signal;

/** Halts processes, and those that appear among them meanwhile, or lets them go on. @throws {ProgramFailedError} if one does not heed it */
export async function setProcessesPaused(
  list: () => ProcessEntry[],
  paused: boolean,
  clock: Clock,
): Promise<void> {
  const deadline = clock.now() + PATIENCE_MS;
  while (!(await signalAll({ list, signal: paused ? "SIGSTOP" : "SIGCONT" }, clock))) {
    const left = list().filter(({ halted }) => halted !== paused);
    if (clock.now() > deadline) {
      const names = left.map(({ program, pid }) => `${program} (${pid})`);
      throw new ProgramFailedError(names, { how: "cannot be halted, or not be let go on", stderr: "" });
    }
    // Who waits in vfork(2) heeds no signal until its child has begun another program, which a child that is halted never does.
    for (const process of list()) signalProcess(process, "SIGCONT");
  }
}

/** @returns whether all have heeded the signal in time */
async function signalAll(
  { list, signal }: { list: () => ProcessEntry[]; signal: "SIGSTOP" | "SIGCONT" },
  clock: Clock,
): Promise<boolean> {
  const deadline = clock.now() + ATTEMPT_MS;
  for (;;) {
    const left = list().filter(({ halted }) => halted !== (signal === "SIGSTOP"));
    if (left.length === 0) return true;
    if (clock.now() > deadline) return false;
    for (const process of left) signalProcess(process, signal);
    await pause(clock, LOOK_EVERY_MS, never);
  }
}

/** What processes together are: paused only if all of them are. */
export function stateOfProcesses(processes: readonly ProcessEntry[]): DaemonState {
  if (processes.length === 0) return "ended";
  return processes.every(({ halted }) => halted) ? "paused" : "running";
}
