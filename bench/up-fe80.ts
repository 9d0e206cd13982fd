import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { ProcessReport } from "../src/report/lab-report.ts";
import type { BenchLab } from "./labs.ts";
import { now } from "./statistics.ts";

/** Moments of one bring-up, in milliseconds after the process was started, in order. */
export type Moments = Readonly<Record<(typeof momentNames)[number], number>>;

export const momentNames = [
  "command loaded, plan made",
  "network made, speaker loaded",
  "first peer discovered",
  "last session Established",
  "converged",
] as const;

/** One bring-up. */
export interface BroughtUp {
  readonly moments: Moments;
  /** Of `fe80 down`, from its start to its end. */
  readonly downMs: number;
  /** Of all processes of the speaker together. */
  readonly cpuMs: number;
  readonly peakMiB: number;
  /** Of the process that was late the most. */
  readonly lateMs: number;
}

const MIB = 2 ** 20;

/** Brings a lab up and takes it down again. @throws {Error} if it does not converge */
export function bringUp({ name, file }: BenchLab): BroughtUp {
  const start = now();
  const { status, stdout, stderr } = spawnSync("./fe80", ["up", file, "-q", "--timeout", "600"], {
    encoding: "utf8",
    maxBuffer: 64 * MIB,
  });
  const ms = Number(/ converged in (\d+) ms/.exec(stdout)?.[1]);
  if (status !== 0) throw new Error(`${name}: ${stderr}${stdout.slice(-400)}`);
  const directory = `/run/fe80/${name}`;
  const began = Date.parse(readFileSync(`${directory}/started`, "utf8")) - start;
  const moments = {
    ...momentsOf(directory, start),
    "command loaded, plan made": began,
    converged: began + ms,
  };
  const text = execFileSync("./fe80", ["inspect", name, "--processes", "-f", "json"], { encoding: "utf8" });
  const processes = JSON.parse(text) as ProcessReport[];
  const sum = (of: (process: ProcessReport) => number) => processes.reduce((all, each) => all + of(each), 0);
  const downStart = now();
  execFileSync("./fe80", ["down", name, "-q"]);
  return {
    moments,
    downMs: now() - downStart,
    cpuMs: sum(({ cpuMs }) => cpuMs),
    peakMiB: sum(({ peakMemory }) => peakMemory / MIB),
    lateMs: Math.max(...processes.map(({ lateMs }) => lateMs.most)),
  };
}

/** What routers' logs say; peers are found in lines of level debug, of which the first are always there. */
function momentsOf(directory: string, start: number) {
  let [spawning, discovered] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let established = Number.NEGATIVE_INFINITY;
  for (const file of readdirSync(directory).filter((name) => name.endsWith(".log"))) {
    for (const line of readFileSync(`${directory}/${file}`, "utf8").split("\n")) {
      const [isSpawning, isDiscovered, isEstablished] = [
        line.includes('"msg":"spawning session'),
        line.includes("peer discovered"),
        line.includes("-> established"),
      ];
      if (!isSpawning && !isDiscovered && !isEstablished) continue;
      const time = Date.parse((JSON.parse(line) as { time: string }).time) - start;
      if (isSpawning) spawning = Math.min(spawning, time);
      else if (isDiscovered) discovered = Math.min(discovered, time);
      else established = Math.max(established, time);
    }
  }
  return {
    "network made, speaker loaded": spawning,
    "first peer discovered": discovered,
    "last session Established": established,
  };
}
