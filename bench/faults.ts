import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { StepReport } from "../src/report/step-report.ts";
import { writeMeasured } from "./measured.ts";
import { loadLine } from "./statistics.ts";

/**
 * How long a router takes to notice that a link is down, or that it loses everything, and to send packets another way: our
 * speaker's, FRR and BIRD in the same lab, with the timers that a lab has and with shorter ones.
 *
 *     node bench/faults.ts [RUNS] [--write]      as root; 3 runs unless given
 *
 * `--write` puts the table into docs/benchmarks.md.
 *
 * Router a is of the kind that is measured and reaches d through b, all others are our speaker's; what d answers comes back
 * through c. `noticed` is when a's session with b was no longer Established, which is asked for each 50 ms where it is not told;
 * `lost` are requests of a to d without an answer, one each 10 ms where the machine can; `reconverged` is when all routers had their new routes.
 */

const { values: options, positionals } = parseArgs({
  options: { write: { type: "boolean", default: false } },
  allowPositionals: true,
});
const runs = Number(positionals[0] ?? 3);

const kinds = ["speaker", "frr", "bird"] as const;

const timers = {
  default: "{}",
  tuned: "{ timers: { hold: 3, keepalive: 1, connect-retry: 1 } }",
} as const;

const faults = ["link-down: b:eth0", "blackhole: a -- b"] as const;

interface Measured {
  readonly noticedMs: number | null;
  readonly lost: number;
  readonly sent: number;
  readonly reconvergedMs: number | null;
}

function topology(kind: string, defaults: string): string {
  const steps = faults.flatMap((fault) => [
    `  - { do: { ${fault} }, within: 60s, ping: [{ from: a, to: d }] }`,
    "  - { do: heal, within: 60s }",
  ]);
  return `name: faults
expect: { within: 60s }
defaults: ${defaults}
routers:
  a: { kind: ${kind}, originate: [10.0.1.0/24] }
  b:
  c:
  d: { originate: [10.0.4.0/24] }
links:
  - { link: a -- b, sessions: { a: { local-pref: 200 } } }
  - a -- c
  - b -- d
  - { link: c -- d, sessions: { d: { local-pref: 200 } } }
steps:
${steps.join("\n")}
`;
}

/** Does both faults to a lab. @returns what came of each, in order */
function measure(directory: string, kind: string, defaults: string): Measured[] {
  const [file, report] = [join(directory, "faults.yaml"), join(directory, "report.jsonl")];
  writeFileSync(file, topology(kind, defaults));
  const { status, stdout, stderr } = spawnSync("./fe80", ["test", file, "--reporter", `jsonl=${report}`], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${kind}: ${stdout}${stderr}`);
  const events = readFileSync(report, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; step?: StepReport });
  const steps = events.flatMap(({ type, step }) => (type === "step" && step ? [step] : []));
  return steps.filter(({ flows }) => flows.length > 0).map(measured);
}

function measured({ timeline, flows, reconvergedAfterMs }: StepReport): Measured {
  const noticed = timeline.find(({ text }) => /^a:eth0 is (?!Established)/.test(text));
  return {
    noticedMs: noticed?.afterMs ?? null,
    lost: flows.reduce((sum, { lost }) => sum + lost, 0),
    sent: flows.reduce((sum, { sent }) => sum + sent, 0),
    reconvergedMs: reconvergedAfterMs,
  };
}

function median(values: readonly (number | null)[]): string {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)] ?? "-"}`;
}

const directory = mkdtempSync(join(tmpdir(), "fe80-bench-"));
process.once("exit", () => rmSync(directory, { recursive: true, force: true }));

/** A row of the table: what became of a fault with one kind of router. */
function row(
  timer: string,
  fault: string,
  { kind, all }: { kind: string; all: readonly Measured[] },
): string {
  const cells = [
    timer,
    fault.split(":")[0],
    kind === "speaker" ? "fe80" : kind,
    `${median(all.map(({ noticedMs }) => noticedMs))} ms`,
    `${median(all.map(({ lost }) => lost))} of ${median(all.map(({ sent }) => sent))}`,
    `${median(all.map(({ reconvergedMs }) => reconvergedMs))} ms`,
  ];
  return `| ${cells.join(" | ")} |`;
}

const rows = Object.entries(timers).flatMap(([timer, defaults]) => {
  const found = kinds.map((kind) => ({
    kind,
    runs: Array.from({ length: runs }, () => measure(directory, kind, defaults)),
  }));
  return faults.flatMap((fault, index) =>
    found.map(({ kind, runs }) => row(timer, fault, { kind, all: runs.flatMap((run) => run[index] ?? []) })),
  );
});
const notes = [
  `Medians of ${runs} runs, ${loadLine()}.`,
  "",
  "| timers | fault | router | noticed after | requests lost | reconverged after |",
  "| --- | --- | --- | --- | --- | --- |",
  ...rows,
];
console.log(notes.join("\n"));
if (options.write) writeMeasured("faults.ts", () => notes);
