import t from "tap";
import { InterruptedError } from "../../src/lab/errors.ts";
import { exec } from "../../src/lab/exec.ts";
import { shippedPlan } from "../support/lab-status.ts";
import { bringUp } from "./running.ts";

const pair = shippedPlan("seed-pair");
const command = ["ping", "-c1", "10.0.2.1"] as const;

t.test("a program runs in its router and its exit code is passed on", async (t) => {
  const machine = await bringUp(pair);
  machine.exitCode = 7;
  const { signal } = new AbortController();
  t.equal(await exec({ lab: "seed-pair", router: "r1" }, { command, signal }, machine.environment), 7);
  t.equal(machine.calls.at(-1), "exec seed-pair r1 ping -c1 10.0.2.1");
});

t.test("a router that the lab lacks is an error that lists those it has", async (t) => {
  const machine = await bringUp(pair);
  const { signal } = new AbortController();
  await t.rejects(exec({ lab: "seed-pair", router: "r9" }, { command, signal }, machine.environment), {
    code: "ROUTER_UNKNOWN",
    hint: "it has r1, r2",
  });
});

t.test("Ctrl-C is left to the program, SIGTERM is not", async (t) => {
  const machine = await bringUp(pair);
  for (const [name, aborted] of [
    ["SIGINT", false],
    ["SIGTERM", true],
  ] as const) {
    const root = new AbortController();
    machine.onExec = async (signal) => {
      root.abort(new InterruptedError(name));
      t.equal(signal.aborted, aborted, name);
    };
    await exec({ lab: "seed-pair", router: "r1" }, { command, signal: root.signal }, machine.environment);
  }
  t.plan(2);
});
