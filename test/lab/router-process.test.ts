import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ControlError } from "../../src/bgp/control/client.ts";
import { lockLab } from "../../src/lab/lock.ts";
import { restartRouter, startRouter, stopRouter } from "../../src/lab/router-process.ts";
import { planOf, shippedPlan } from "../support/lab-status.ts";
import type { FakeMachine } from "./fake-machine.ts";
import { bringUp } from "./running.ts";

const pair = shippedPlan("seed-pair");
const r2 = { lab: "seed-pair", router: "r2" };
const { signal } = new AbortController();

async function isolated(): Promise<FakeMachine> {
  const machine = await bringUp(pair, { isolate: true });
  machine.calls.length = 0;
  return machine;
}

t.test("a router with a process of its own is stopped and started, once", async (t) => {
  const machine = await isolated();
  const { environment } = machine;
  t.equal(await startRouter(r2, { signal }, environment), false, "it is running");
  t.equal(await stopRouter(r2, environment), true);
  t.equal(await stopRouter(r2, environment), false);
  t.equal(await startRouter(r2, { signal }, environment), true);
  const stop = "stop seed-pair speaker-2";
  const start = ["start seed-pair speaker-2", "feed speaker-2", "release speaker-2"];
  t.strictSame(machine.calls, [stop, stop, ...start]);
  machine.calls.length = 0;
  await restartRouter(r2, { signal }, environment);
  t.strictSame(machine.calls, [stop, ...start]);
});

t.test("a router is asked until it answers", async (t) => {
  const machine = await isolated();
  let refusals = 3;
  machine.onRead = async () => {
    if (refusals-- > 0) throw new ControlError("ENOENT");
  };
  await restartRouter(r2, { signal }, machine.environment);
  t.equal(refusals, -1);
});

t.test(
  "a router that does not answer, or ends at once, is an error, and nothing of it is left",
  async (t) => {
    const machine = await isolated();
    machine.onRead = async () => {
      throw new ControlError("ENOENT");
    };
    await t.rejects(restartRouter(r2, { signal }, machine.environment), {
      code: "DAEMON_SILENT",
      message: "speaker-2 has not answered within 10000 ms",
    });
    t.equal(await machine.stateOf("seed-pair", { name: "speaker-2" }), "ended");
    machine.onRead = async () => {
      writeFileSync(join(machine.environment.directories.run, "seed-pair", "speaker-2.out"), "error: no\n");
      machine.end("speaker-2", "exit code 1");
      throw new ControlError("ENOENT");
    };
    await t.rejects(startRouter(r2, { signal }, machine.environment), {
      code: "DAEMON_ENDED",
      message: /speaker-2 has ended \(exit code 1\).*error: no/s,
    });
  },
);

t.test("a router that shares its process is left alone", async (t) => {
  const machine = await bringUp(pair);
  machine.calls.length = 0;
  for (const work of [
    async () => void (await stopRouter(r2, machine.environment)),
    async () => void (await startRouter(r2, { signal }, machine.environment)),
    () => restartRouter(r2, { signal }, machine.environment),
  ]) {
    await t.rejects(work, {
      code: "ROUTER_SHARED",
      message: "r2 has no process of its own: speaker-1 runs r1 too",
      hint: /fe80 up --isolate/,
    });
  }
  t.strictSame(machine.calls, []);
});

t.test("a host has no process", async (t) => {
  const text =
    "name: lab\nrouters: { r1: {}, h1: { kind: host, addresses: [10.1.0.10/24] } }\nlinks: [h1 -- r1]";
  const machine = await bringUp(planOf(text), { isolate: true });
  await t.rejects(stopRouter({ lab: "lab", router: "h1" }, machine.environment), {
    code: "ROUTER_UNKNOWN",
    hint: "it has r1",
  });
});

t.test("they wait their turn", async (t) => {
  const machine = await isolated();
  using _ = lockLab({ lab: "seed-pair", command: "up" }, machine.environment.directories);
  await t.rejects(stopRouter(r2, machine.environment), { code: "LAB_LOCKED" });
  await t.rejects(startRouter(r2, { signal }, machine.environment), { code: "LAB_LOCKED" });
  await t.rejects(restartRouter(r2, { signal }, machine.environment), { code: "LAB_LOCKED" });
  t.strictSame(machine.calls, []);
});
