import t from "tap";
import { ControlError } from "../../src/bgp/control/client.ts";
import { InterruptedError } from "../../src/lab/errors.ts";
import { test } from "../../src/lab/test.ts";
import { shippedPlan } from "../support/lab-status.ts";
import { FakeMachine } from "./fake-machine.ts";
import { upOptions } from "./running.ts";

const pair = shippedPlan("seed-pair");

t.test("a lab that has converged is taken down", async (t) => {
  const machine = new FakeMachine();
  machine.converge(pair);
  t.match(await test(pair, upOptions(), machine.environment), {
    outcome: "reached",
    report: { converged: true },
  });
  t.equal(machine.running.size, 0);
});

t.test("a lab that has not converged in time is taken down too", async (t) => {
  const machine = new FakeMachine();
  machine.events = () => {
    throw new ControlError("ECONNREFUSED");
  };
  t.match(await test(pair, upOptions({ timeoutMs: 100 }), machine.environment), {
    outcome: "timeout",
    report: { converged: false },
  });
  t.equal(machine.running.size, 0);
});

t.test("an interruption takes the lab down and still reports", async (t) => {
  const machine = new FakeMachine();
  const root = new AbortController();
  machine.events = () => {
    root.abort(new InterruptedError("SIGTERM"));
    return [];
  };
  const { outcome, report } = await test(pair, upOptions({ signal: root.signal }), machine.environment);
  t.equal(outcome, "interrupted");
  t.ok(report.problems.length > 0);
  t.equal(machine.running.size, 0);
});
