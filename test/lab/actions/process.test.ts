import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ControlError } from "../../../src/bgp/control/client.ts";
import { act, type RouterAction } from "../../../src/lab/act.ts";
import { DaemonSilentError } from "../../../src/lab/errors.ts";
import { lockLab } from "../../../src/lab/lock.ts";
import { planOf, shippedPlan } from "../../support/lab-status.ts";
import type { FakeMachine } from "../fake-machine.ts";
import { bringUp } from "../running.ts";

const pair = shippedPlan("seed-pair");
const { signal } = new AbortController();

async function isolated(): Promise<FakeMachine> {
  const machine = await bringUp(pair, { isolate: true });
  machine.calls.length = 0;
  return machine;
}

/** Whether it made a difference. */
async function change(
  machine: FakeMachine,
  type: RouterAction,
  { lab = "seed-pair", router = "r2" } = {},
): Promise<boolean | undefined> {
  const choose = () => [{ type, router }];
  return (await act(lab, { command: type, choose, signal }, machine.environment))[0];
}

t.test("a router with a process of its own is stopped, killed and started, once", async (t) => {
  const machine = await isolated();
  t.equal(await change(machine, "start"), false, "it is running");
  t.equal(await change(machine, "stop"), true);
  t.equal(await change(machine, "stop"), false);
  t.equal(await change(machine, "kill"), false);
  t.equal(await change(machine, "start"), true);
  const start = ["start seed-pair speaker-2", "feed speaker-2", "release speaker-2"];
  t.strictSame(machine.calls, ["stop seed-pair speaker-2", ...start]);
  machine.calls.length = 0;
  t.equal(await change(machine, "restart"), true);
  t.strictSame(machine.calls, ["stop seed-pair speaker-2", ...start]);
  machine.calls.length = 0;
  t.equal(await change(machine, "kill"), true);
  t.equal(await change(machine, "restart"), true);
  t.strictSame(machine.calls, ["kill seed-pair speaker-2", "stop seed-pair speaker-2", ...start]);
});

t.test("a router that is paused goes on, or ends", async (t) => {
  const machine = await isolated();
  const changes: readonly [RouterAction, boolean][] = [
    ["resume", false],
    ["pause", true],
    ["pause", false],
    ["start", false],
    ["resume", true],
    ["pause", true],
    ["kill", true],
    ["pause", false],
    ["resume", false],
  ];
  for (const [type, made] of changes) t.equal(await change(machine, type), made, type);
  t.strictSame(
    machine.calls,
    ["pause", "resume", "pause", "kill"].map((call) => `${call} seed-pair speaker-2`),
  );
});

t.test("a router is asked until it answers", async (t) => {
  const machine = await isolated();
  let refusals = 3;
  machine.onRead = async () => {
    if (refusals-- > 0) throw new ControlError("ENOENT");
  };
  await change(machine, "restart");
  t.equal(refusals, -1);
  let silences = 2;
  machine.onRead = async () => {
    if (silences-- > 0) throw new DaemonSilentError("speaker-2 has not answered within 2000 ms");
  };
  await change(machine, "restart");
  t.equal(silences, -1, "on a busy machine it may be silent for a while");
});

t.test(
  "a router that does not answer, or ends at once, is an error, and nothing of it is left",
  async (t) => {
    const machine = await isolated();
    machine.onRead = async () => {
      throw new ControlError("ENOENT");
    };
    await t.rejects(change(machine, "restart"), {
      code: "DAEMON_SILENT",
      message: "speaker-2 has not answered within 10000 ms",
    });
    t.equal(await machine.stateOf("seed-pair", { name: "speaker-2" }), "ended");
    machine.onRead = async () => {
      writeFileSync(join(machine.environment.directories.run, "seed-pair", "speaker-2.out"), "error: no\n");
      machine.end("speaker-2", "exit code 1");
      throw new ControlError("ENOENT");
    };
    await t.rejects(change(machine, "start"), {
      code: "DAEMON_ENDED",
      message: /speaker-2 has ended \(exit code 1\).*error: no/s,
    });
  },
);

const all = ["stop", "start", "restart", "kill", "pause", "resume"] as const;

t.test("a router that shares its process is left alone", async (t) => {
  const machine = await bringUp(pair);
  machine.calls.length = 0;
  for (const type of all) {
    await t.rejects(change(machine, type), {
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
  await t.rejects(change(machine, "stop", { lab: "lab", router: "h1" }), {
    code: "ROUTER_UNKNOWN",
    hint: "it has r1",
  });
});

t.test("they wait their turn", async (t) => {
  const machine = await isolated();
  using _ = lockLab({ lab: "seed-pair", command: "up" }, machine.environment.directories);
  for (const type of all) await t.rejects(change(machine, type), { code: "LAB_LOCKED" });
  t.strictSame(machine.calls, []);
});
