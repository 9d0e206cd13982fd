import { count } from "./count.ts";
import type { ProcessReport } from "./lab-report.ts";
import { table } from "./table.ts";

/** A process that was later than this may have missed the time of a keepalive, if the hold time is a short one. */
const LATE_MS = 1000;

const MIB = 2 ** 20;

/** What the processes of a lab take, for people or for programs. */
export function processLines(
  processes: readonly ProcessReport[],
  { format }: { format: "table" | "json" },
): string[] {
  if (format === "json") return [JSON.stringify(processes, undefined, 2)];
  const head = ["PROCESS", "PID", "ROUTERS", "UP", "CPU", "MEMORY", "PEAK", "FILES", "LATE", "99 %", "MOST"];
  return [...table(head, processes.map(row), { noun: "process" }), ...lateLines(processes)];
}

function row(process: ProcessReport): string[] {
  const { name, pid, routers, upMs, cpuMs, memory, peakMemory, fileDescriptors, lateMs } = process;
  return [
    name,
    String(pid),
    String(routers),
    seconds(upMs),
    seconds(cpuMs),
    `${Math.round(memory / MIB)} MiB`,
    `${Math.round(peakMemory / MIB)} MiB`,
    String(fileDescriptors),
    `${lateMs.median} ms`,
    `${lateMs.p99} ms`,
    `${lateMs.most} ms`,
  ];
}

/** A warning for each process that was late. */
export function lateLines(processes: readonly ProcessReport[]): string[] {
  return processes.flatMap(({ name, routers, lateMs }) => {
    if (lateMs.most < LATE_MS) return [];
    const whose = `${name} (${count(routers, "router")})`;
    return [`warning: ${whose} did not get round to its timers for up to ${seconds(lateMs.most)}`];
  });
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
