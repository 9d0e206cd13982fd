import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process as /proc shows it (proc(5)). */
export interface ProcessEntry {
  readonly pid: number;
  /** In clock ticks since boot: with the pid it names a process, which the pid alone does not. */
  readonly startTime: string;
  /** At most 15 octets of its program's name. */
  readonly program: string;
  /** The lab that its environment is marked with. */
  readonly lab: string | undefined;
  /** Inode of its network namespace. */
  readonly netns: number | undefined;
}

/** The environment variable that marks a lab's processes, and all that they start. */
export const LAB_MARK = "FE80_LAB";

/** The processes of the machine, kernel threads and dead ones aside. */
export function listProcesses(): ProcessEntry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

/** Whether the very process is still there; a zombie is not. */
export function isAlive({ pid, startTime }: ProcessEntry): boolean {
  return readStat(pid)?.startTime === startTime;
}

/** Signals the very process, or nobody if it is gone. */
export function signalProcess(process: ProcessEntry, signal: NodeJS.Signals): void {
  if (!isAlive(process)) return;
  try {
    globalThis.process.kill(process.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function readProcess(pid: number): ProcessEntry | undefined {
  const stat = readStat(pid);
  if (!stat) return undefined;
  return { pid, ...stat, lab: readMark(pid), netns: readNetns(pid) };
}

/** @returns undefined if the process is gone or dead: what is in state Z only waits for its parent */
function readStat(pid: number): { startTime: string; program: string } | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The program's name, in parentheses, may hold anything.
  const [, program = "", rest = ""] = /^\d+ \((.*)\) (.*)/s.exec(stat ?? "") ?? [];
  const [state, , , , , , , , , , , , , , , , , , , startTime] = rest.split(" ");
  if (startTime === undefined || state === "Z" || state === "X") return undefined;
  return { startTime, program };
}

function readMark(pid: number): string | undefined {
  const environment = attempt(() => readFileSync(`/proc/${pid}/environ`, "utf8"));
  const entry = environment?.split("\0").find((line) => line.startsWith(`${LAB_MARK}=`));
  return entry?.slice(LAB_MARK.length + 1);
}

function readNetns(pid: number): number | undefined {
  const link = attempt(() => readlinkSync(`/proc/${pid}/ns/net`));
  const [, inode] = /^net:\[(\d+)\]$/.exec(link ?? "") ?? [];
  return inode === undefined ? undefined : Number(inode);
}

/** A process may end between any two looks at it. */
function attempt(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
