import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { logs } from "../../src/lab/logs.ts";
import { up } from "../../src/lab/up.ts";
import { compile } from "../../src/plan/compile.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { systemClock } from "../../src/std/clock.ts";
import { parseTopology } from "../../src/topology/parse.ts";
import { FakeMachine } from "./fake-machine.ts";
import { upOptions } from "./running.ts";

/** A machine with a lab of one router, and the path of that router's log. */
async function withLog(): Promise<{ machine: FakeMachine; log: string }> {
  const machine = new FakeMachine();
  const text = "name: lab\nrouters:\n  r1:\nlinks: []\n";
  const runDirectory = join(machine.environment.directories.run, "lab");
  const plan: Plan = compile(parseTopology({ file: "lab.yaml", text }), {
    netnsDirectory: "/run/netns",
    runDirectory,
  });
  machine.converge(plan);
  await up(plan, upOptions(), machine.environment);
  return { machine, log: join(runDirectory, "r1.log") };
}

async function linesOf(machine: FakeMachine): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of logs(target, { follow: false, signal }, machine.environment)) lines.push(line);
  return lines;
}

const target = { lab: "lab", router: "r1" };
const { signal } = new AbortController();

t.test("a log is given line by line, however long its lines are", async (t) => {
  const { machine, log } = await withLog();
  const lines = ["one", "ü".repeat(50_000), "", "the last one, without an end"];
  writeFileSync(log, lines.join("\n"));
  t.strictSame(await linesOf(machine), lines);
});

t.test("a log that is followed goes on until the lab is gone", async (t) => {
  const { machine, log } = await withLog();
  writeFileSync(log, "one\n");
  const lines: string[] = [];
  const environment = { ...machine.environment, clock: systemClock };
  for await (const line of logs(target, { follow: true, signal }, environment)) {
    lines.push(line);
    if (line === "one") appendFileSync(log, "two\n");
    if (line === "two") rmSync(log);
  }
  t.strictSame(lines, ["one", "two"]);
});

t.test("following ends with the signal", async (t) => {
  const { machine, log } = await withLog();
  writeFileSync(log, "one\n");
  const root = new AbortController();
  const follow = async () => {
    const options = { follow: true, signal: root.signal };
    for await (const _ of logs(target, options, machine.environment)) root.abort(new Error("enough"));
  };
  await t.rejects(follow(), { message: "enough" });
});

t.test("a router whose namespace has gone still has its log; one that never was has none", async (t) => {
  const { machine, log } = await withLog();
  writeFileSync(log, "one\n");
  machine.running.set("lab", { name: "lab", routers: [] });
  t.strictSame(await linesOf(machine), ["one"]);
  const other = logs({ ...target, router: "r2" }, { follow: false, signal }, machine.environment);
  await t.rejects(other.next(), { code: "ROUTER_UNKNOWN", hint: "it has r1" });
});

t.test("a router without a log is an error", async (t) => {
  const { machine } = await withLog();
  await t.rejects(linesOf(machine), { code: "LOG_MISSING" });
});
