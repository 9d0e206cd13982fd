import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process as /proc shows it (proc(5)). */
export interface ProcessEntry {
  readonly pid: number;
  /** In clock ticks since boot: with the pid it names a process, which the pid alone does not. */
  readonly startTime: string;
  /** Halted by a signal: it does nothing until it is told to go on, or killed. */
  readonly halted: boolean;
  /** At most 15 octets of its program's name. */
  readonly program: string;
  /** The lab that its environment is marked with. */
  readonly lab: string | undefined;
  /** The daemon of the lab that it is or comes from, marked likewise. */
  readonly daemon: string | undefined;
  /** Inode of its network namespace. */
  readonly netns: number | undefined;
  /** Whose PID namespace it shares, of those that were asked for. */
  readonly beside: Neighbor | undefined;
}

/** This process, or the first one of a container. */
type Neighbor = number | "self";

/** The environment variable that marks a lab's processes on the machine itself, and all that they start. */
export const LAB_MARK = "FE80_LAB";

/** The same for the daemon's name, in containers, too. */
export const DAEMON_MARK = "FE80_DAEMON";

/**
 * The processes of the machine, kernel threads and dead ones aside.
 *
 * @param neighbors one of those whose marks count in each PID namespace that is meant
 */
export function listProcesses(neighbors: readonly Neighbor[] = ["self"]): ProcessEntry[] {
  const namespaces = new Map(neighbors.map((neighbor) => [pidNamespaceOf(neighbor), neighbor]));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name), namespaces) ?? []);
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

/** PID namespaces, and who of those that were asked for is in them. */
type Namespaces = ReadonlyMap<string | undefined, Neighbor>;

function readProcess(pid: number, namespaces: Namespaces): ProcessEntry | undefined {
  const stat = readStat(pid);
  if (!stat) return undefined;
  return { pid, ...stat, ...readMarks(pid, namespaces), netns: readNetns(pid) };
}

/** @returns undefined if the process is gone or dead: what is in state Z, and no thread of it is left that holds its files, only waits for its parent */
function readStat(pid: number): { startTime: string; program: string; halted: boolean } | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The program's name, in parentheses, may hold anything.
  const [, program = "", rest = ""] = /^\d+ \((.*)\) (.*)/s.exec(stat ?? "") ?? [];
  const [state, , , , , , , , , , , , , , , , , threads, , startTime] = rest.split(" ");
  const isDead = (state === "Z" && Number(threads) < 2) || state === "X";
  if (startTime === undefined || isDead) return undefined;
  return { startTime, program, halted: state === "T" };
}

/** Marks of another PID namespace are of another user's labs, or of another container's. */
function readMarks(pid: number, namespaces: Namespaces): Pick<ProcessEntry, "lab" | "daemon" | "beside"> {
  const lines = attempt(() => readFileSync(`/proc/${pid}/environ`, "utf8"))?.split("\0") ?? [];
  const value = (name: string) => lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
  const [lab, daemon] = [value(LAB_MARK), value(DAEMON_MARK)];
  const beside = (lab ?? daemon) === undefined ? undefined : namespaces.get(pidNamespaceOf(pid));
  return beside === undefined ? { lab: undefined, daemon: undefined, beside } : { lab, daemon, beside };
}

function pidNamespaceOf(pid: number | "self"): string | undefined {
  return attempt(() => readlinkSync(`/proc/${pid}/ns/pid`));
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
