import { setTimeout } from "node:timers/promises";
import t from "tap";
import { fe80, start, topology, traces } from "./command.ts";
import { asBefore, machine } from "./machine.ts";

// SIGKILL at every tenth of a run: what counts is not the moment that is hit, but that there is none which leaves a trace.

const lab = "e2e-tenths";
const tenths = Array.from({ length: 10 }, (_, index) => (index + 1) / 10);

async function measured(...args: string[]): Promise<number> {
  const startedAtMs = performance.now();
  const { exit, stderr } = await fe80(...args);
  if (exit !== 0) throw new Error(stderr);
  return performance.now() - startedAtMs;
}

function killSpeakers(): void {
  for (const pid of traces(lab).processes) process.kill(Number(pid), "SIGKILL");
}

// The moment of the kill is what varies here, whatever has happened by then: there is no fact to wait for.
t.test("after SIGKILL at any tenth of a run, down leaves the machine as it was", async (t) => {
  const path = topology(t, "clos-2x4", lab);
  const before = machine(lab);
  await measured("up", path);
  t.notSame(machine(lab), asBefore(before), "what there is can be seen");
  await measured("down", lab);
  const runMs = { up: await measured("up", path), down: await measured("down", lab) };

  for (const part of tenths) {
    const up = start("up", path);
    await setTimeout(runMs.up * part);
    up.kill("SIGKILL");
    await up.ended;
    t.equal((await fe80("down", lab)).exit, 0);
    t.strictSame(machine(lab), asBefore(before), `up killed at ${part}`);
  }

  for (const part of tenths) {
    t.equal((await fe80("up", path)).exit, 0);
    const down = start("down", lab);
    await setTimeout(runMs.down * part);
    down.kill("SIGKILL");
    await down.ended;
    t.equal((await fe80("down", lab)).exit, 0);
    t.strictSame(machine(lab), asBefore(before), `down killed at ${part}`);
  }

  for (const part of tenths) {
    const up = start("up", path);
    await setTimeout(runMs.up * part);
    killSpeakers();
    const { exit, stderr } = await up.ended;
    // Killed before there were any, or after it was done, they do not keep `up` from its end.
    if (exit !== 0) t.match(stderr, /^error: .*speaker-1.*SIGKILL/m, `speakers killed at ${part}`);
    t.equal((await fe80("down", lab)).exit, 0);
    t.strictSame(machine(lab), asBefore(before), `speakers killed at ${part}`);
  }
});
