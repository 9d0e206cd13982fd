import { readFileSync } from "node:fs";

/** Processor seconds, of the program and of the system in its name, that these processes have used so far. */
export function cpuSeconds(pids: readonly number[]): number {
  const ticksPerSecond = 100; // sysconf(_SC_CLK_TCK) on every Linux
  const ticks = pids.map((pid) => {
    const stat = read(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  });
  return sum(ticks) / ticksPerSecond;
}

/** The most memory that each of these processes ever had resident, together, in MB (10^6 octets). */
export function peakMegabytes(pids: readonly number[]): number {
  const peaks = pids.map((pid) => Number(/^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0));
  return (sum(peaks) * 1024) / 1e6;
}

/** IPv4 prefixes in the main table of the namespace that a process is in; its own addresses count, too. */
export function kernelPrefixes(pid: number): number {
  return Number(/Main:.*?Prefixes:\s+(\d+)/s.exec(read(`/proc/${pid}/net/fib_triestat`))?.[1] ?? 0);
}

/** Empty if the process has just ended. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
