import type { FaultType } from "../simulation/faults.ts";
import { faultTypes } from "../simulation/faults.ts";
import type { RunFailure, Simulation } from "../simulation/simulate.ts";
import type { TraceLine } from "../simulation/trace.ts";
import { columns } from "./columns.ts";
import { count } from "./count.ts";

interface Options {
  readonly format: "table" | "json";
  /** The topology's, to say how to replay a run. */
  readonly file: string;
}

/** How many runs that failed are told of one by one. */
const shown = 10;

const faultNames: Record<FaultType, string> = {
  lateStart: "routers started late",
  refusedDial: "dials refused",
  droppedConnection: "connections dropped",
  mutedConnection: "connections muted",
  lostDiscovery: "discovery packets lost",
  lateDiscovery: "discovery packets late",
  interfaceFlap: "interfaces down and up",
  silentLink: "links silent for a while",
};

/** A simulation for people, with the verdict as the last line, or for programs. */
export function simulationLines(simulation: Simulation, { format, file }: Options): string[] {
  if (format === "json") return [JSON.stringify(simulation, undefined, 2)];
  const { failures, trace } = simulation;
  const left = failures.length - shown;
  return [
    ...(trace === null ? [] : [`run with seed ${trace.seed}:`, ...traceLines(trace.lines), ""]),
    ...simulation.notes.map((note) => `note: ${note}`),
    ...faultTable(simulation),
    ...failures.slice(0, shown).flatMap((failure) => failureLines(failure, file)),
    ...(left > 0 ? [`... and ${count(left, "more run")} failed`, ""] : []),
    ...convergenceLines(simulation),
    verdict(simulation),
  ];
}

function traceLines(lines: readonly TraceLine[]): string[] {
  return columns(
    lines.map(({ atMs, router, ifname, text }) => [
      `${(atMs / 1000).toFixed(6).padStart(10)} s`,
      router ?? "network",
      ifname ?? "-",
      text,
    ]),
  );
}

function faultTable({ faults }: Simulation): string[] {
  return [
    ...columns([["FAULT", "TIMES"], ...faultTypes.map((type) => [faultNames[type], `${faults[type]}`])]),
    "",
  ];
}

function failureLines({ seed, problems }: RunFailure, file: string): string[] {
  return [
    `run with seed ${seed} failed:`,
    ...problems.map((problem) => `  ${problem}`),
    `  replay: fe80 simulate ${file} --seed ${seed} --runs 1 -v`,
    "",
  ];
}

function convergenceLines({ convergence }: Simulation): string[] {
  if (convergence === null) return [];
  const { medianMs, worst } = convergence;
  return [
    `virtual time from the last fault to convergence: median ${medianMs} ms, worst ${worst.ms} ms (seed ${worst.seed})`,
  ];
}

function verdict({ name, seed, runs, failures, runsPerMinute }: Simulation): string {
  const outcome = failures.length === 0 ? "all good" : `${failures.length} failed`;
  return `${name}: ${count(runs, "run")} from seed ${seed}, ${outcome} (${runsPerMinute} runs a minute)`;
}
