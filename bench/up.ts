import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { readPlan } from "../src/lab/topology-file.ts";
import type { Plan } from "../src/plan/plan.ts";
import { type BenchLab, benchLabs } from "./labs.ts";
import { writeMeasured } from "./measured.ts";
import { ipBatch, mininet } from "./netns-peers.ts";
import { loadLine, median, now } from "./statistics.ts";
import { birds } from "./up-birds.ts";
import { type BroughtUp, bringUp, type Moments, momentNames } from "./up-fe80.ts";
import { withMeasured } from "./up-page.ts";

/**
 * How long `fe80 up` takes from the start of the process to converged, where that time goes, what it takes of the machine, and
 * how long `fe80 down` takes. Beside it in the same run, taking turns: BIRD as the speaker in the same namespaces and with the same
 * timers; the network alone by `ip -batch` and by mininet; and as the floor Node starting twice, as the command and the speaker must.
 *
 *     node bench/up.ts [--runs 5] [--labs seed-pair,ring-100] [--write]      as root; all labs unless some are named
 *
 * `--write` puts each lab's row into docs/benchmarks.md as soon as it is measured; those of other labs stay.
 */

const { values: options } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    labs: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const runs = Number(options.runs);
const named = options.labs?.split(",");

/** Others are measured as often up to this size, and once beyond: a ring of 1,000 takes them many minutes. */
const MOST_ROUTERS = 100;

interface Found {
  readonly lab: BenchLab;
  readonly routers: number;
  /** The machine's load average when it began. */
  readonly load: number;
  readonly ups: BroughtUp[];
  readonly birds: number[];
  readonly ipBatch: number[];
  readonly mininet: number[];
}

/** Node starts and ends, once for the command and once for the speaker. */
function floor(): number {
  const start = now();
  for (let count = 0; count < 2; count++) execFileSync(process.execPath, ["-e", "0"]);
  return now() - start;
}

async function measure(lab: BenchLab, plan: Plan): Promise<Found> {
  const othersRuns = plan.nodes.length <= MOST_ROUTERS ? runs : 1;
  const [load = Number.NaN] = loadavg();
  const found: Found = {
    lab,
    routers: plan.nodes.length,
    load,
    ups: [],
    birds: [],
    ipBatch: [],
    mininet: [],
  };
  for (let run = 0; run < runs; run++) {
    found.ups.push(bringUp(lab));
    if (run >= othersRuns) continue;
    found.birds.push((await birds(plan)) ?? Number.NaN);
    found.ipBatch.push(ipBatch(plan).make);
    found.mininet.push(mininet(plan)?.make ?? Number.NaN);
  }
  return found;
}

const seconds = (ms: number) => (Number.isNaN(ms) ? "–" : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`);

/** A row of the table in docs/benchmarks.md. */
function row({ lab, routers, load, ups, ...others }: Found): string[] {
  const of = (value: (up: BroughtUp) => number) => median(ups.map(value));
  const converged = of(({ moments }) => moments.converged);
  const ratio = (ms: number) =>
    Number.isNaN(ms) ? "–" : `${seconds(ms)} (${(ms / converged).toFixed(1)} ×)`;
  return [
    lab.name,
    String(routers),
    seconds(converged),
    `${seconds(lab.targetMs)} (${(converged / lab.targetMs).toFixed(2)})`,
    seconds(of(({ cpuMs }) => cpuMs)),
    `${of(({ peakMiB }) => peakMiB).toFixed(0)} MiB`,
    `${of(({ lateMs }) => lateMs).toFixed(0)} ms`,
    seconds(of(({ downMs }) => downMs)),
    ratio(median(others.birds)),
    ratio(median(others.ipBatch)),
    ratio(median(others.mininet)),
    `${runs}, ${load.toFixed(1)}`,
  ];
}

const head = [
  "lab",
  "routers",
  "up",
  "target (share of it)",
  "CPU of the speaker",
  "peak memory",
  "late by up to",
  "down",
  "BIRD",
  "`ip -batch`, network alone",
  "mininet, network alone",
  "runs, load",
];

/** Where the time goes: how long each moment is after the one before. */
function stagesOf({ lab, ups }: Found): string {
  const stages = momentNames.map((name, index) => {
    const before = momentNames[index - 1];
    const length = (moments: Moments) => moments[name] - (before === undefined ? 0 : moments[before]);
    return `${name} +${seconds(median(ups.map(({ moments }) => length(moments))))}`;
  });
  return `${lab.name}: ${stages.join(", ")}`;
}

using bench = benchLabs();
const [first] = bench.labs;
if (first) bringUp(first); // what Node compiled is kept from now on, as it is for a user
const directories = { run: "/run/fe80", netns: "/run/netns" };
const floors = Array.from({ length: runs }, floor);
const note = `Node starting twice, as the command and the speaker must, took ${seconds(median(floors))}.`;
process.stdout.write(`${note} Medians of ${runs} runs, ${loadLine()}\n`);
const order = bench.labs.map(({ name }) => name);
for (const lab of bench.labs.filter(({ name }) => named?.includes(name) ?? true)) {
  const found = await measure(lab, await readPlan(lab.file, directories));
  const measured = { row: row(found), stages: stagesOf(found) };
  const cells = head.map((name, index) => `  ${name}: ${measured.row[index]}`);
  process.stdout.write(`\n${[...cells, `  ${measured.stages}`].join("\n")}\n`);
  if (options.write) {
    writeMeasured("up.ts", (before) => withMeasured(before, [measured], { head, order, note }));
  }
}
