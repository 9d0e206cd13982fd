import t from "tap";
import { simulationLines } from "../../src/report/simulation-lines.ts";
import { noFaults } from "../../src/simulation/faults.ts";
import type { Simulation } from "../../src/simulation/simulate.ts";

const simulation: Simulation = {
  name: "pair",
  seed: 5,
  runs: 1000,
  failures: [],
  convergence: { medianMs: 12, worst: { ms: 6200, seed: 77 } },
  faults: { ...noFaults(), refusedDial: 3 },
  notes: ["r2 is simulated as a speaker, not as bird"],
  runsPerMinute: 40_000,
  trace: null,
};

const options = { format: "table", file: "pair.yaml" } as const;

t.test("a good simulation is its faults and one verdict", async (t) => {
  t.strictSame(simulationLines(simulation, options), [
    "note: r2 is simulated as a speaker, not as bird",
    "FAULT                     TIMES",
    "routers started late      0",
    "dials refused             3",
    "connections dropped       0",
    "connections muted         0",
    "discovery packets lost    0",
    "discovery packets late    0",
    "interfaces down and up    0",
    "links silent for a while  0",
    "",
    "virtual time from the last fault to convergence: median 12 ms, worst 6200 ms (seed 77)",
    "pair: 1000 runs from seed 5, all good (40000 runs a minute)",
  ]);
});

t.test("a run that failed is told with its problems and how to replay it", async (t) => {
  const failures = [{ seed: 9, problems: ["r1 has no route", "r2 neither"] }];
  const lines = simulationLines({ ...simulation, failures, convergence: null }, options);
  t.strictSame(lines.slice(-6), [
    "run with seed 9 failed:",
    "  r1 has no route",
    "  r2 neither",
    "  replay: fe80 simulate pair.yaml --seed 9 --runs 1 -v",
    "",
    "pair: 1000 runs from seed 5, 1 failed (40000 runs a minute)",
  ]);
});

t.test("of many failures the first are told, and the rest counted", async (t) => {
  const failures = Array.from({ length: 12 }, (_, seed) => ({ seed, problems: ["wrong"] }));
  const lines = simulationLines({ ...simulation, failures }, options);
  t.equal(lines.filter((line) => line.startsWith("run with seed")).length, 10);
  t.ok(lines.includes("... and 2 more runs failed"));
});

t.test("a trace comes first, in the order of time", async (t) => {
  const trace = {
    seed: 9,
    lines: [
      { atMs: 0, router: "r1", ifname: "eth0", text: "fsm transition idle -> connect" },
      { atMs: 1204.25, router: null, ifname: null, text: "connection 1 refused" },
    ],
  };
  t.strictSame(simulationLines({ ...simulation, trace }, options).slice(0, 4), [
    "run with seed 9:",
    "  0.000000 s  r1       eth0  fsm transition idle -> connect",
    "  1.204250 s  network  -     connection 1 refused",
    "",
  ]);
});

t.test("for programs, it is all there is", async (t) => {
  const lines = simulationLines(simulation, { ...options, format: "json" });
  t.strictSame(JSON.parse(lines.join("\n")), simulation);
});
