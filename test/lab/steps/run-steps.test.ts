import t from "tap";
import { ControlError } from "../../../src/bgp/control/client.ts";
import type { SessionStatus, StatusEvent } from "../../../src/bgp/control/status.ts";
import { InterruptedError } from "../../../src/lab/errors.ts";
import { daemonsFor } from "../../../src/lab/lab-directory.ts";
import { type TestResult, test } from "../../../src/lab/test.ts";
import { compile } from "../../../src/plan/compile.ts";
import { harm, unharmed } from "../../../src/plan/damage.ts";
import { damagedPlan } from "../../../src/plan/damaged-plan.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { PlumbingError } from "../../../src/runtime/errors.ts";
import type { Topology } from "../../../src/topology/topology.ts";
import { perfectStatus, sessionOf } from "../../support/lab-status.ts";
import { topologyOf } from "../../topology/parsing.ts";
import { FakeMachine } from "../fake-machine.ts";
import { upOptions } from "../running.ts";

const ring = (steps: string) =>
  topologyOf(`name: ring
routers: { r1: { originate: [10.0.1.0/24] }, r2: , r3: }
links: [r1 -- r2 -- r3 -- r1]
expect: { within: 5s }
steps: [${steps}]
`);

const pathsOf = (machine: FakeMachine) => {
  const { run, netns } = machine.environment.directories;
  return { netnsDirectory: netns, runDirectory: `${run}/ring` };
};

/** What the lab comes to after its first step. */
function afterFirst(topology: Topology, machine: FakeMachine): { plan: Plan; whole: Plan } {
  const [step] = topology.steps;
  if (step?.work.type !== "actions") throw new Error("there is no step");
  const { damage } = harm(unharmed(topology), step.work.actions);
  return { plan: damagedPlan(damage, step, pathsOf(machine)), whole: compile(topology, pathsOf(machine)) };
}

/** All that routers tell when they have come to what is left: who is cut off is Idle. */
function settled({ plan, whole }: { plan: Plan; whole: Plan }): StatusEvent[] {
  const { routers, sessions, routes } = perfectStatus(plan);
  const lost = (plan.expectation.checks ?? []).flatMap((check): SessionStatus[] => {
    const expected = whole.expectation.sessions.find(
      (each) => check.type === "session" && each.router === check.router && each.session === check.session,
    );
    return expected ? [sessionOf(whole, expected, { state: "Idle", lastError: "link down" })] : [];
  });
  const events = lost.map((session): StatusEvent => ({ type: "session", session }));
  return [...events, { type: "status", routers, sessions: [...sessions, ...lost], routes }];
}

/** Tests a lab on a machine. */
async function run(
  topology: Topology,
  machine: FakeMachine,
  signal = new AbortController().signal,
): Promise<TestResult> {
  const plan = compile(topology, pathsOf(machine));
  machine.converge(plan);
  return await test(plan, { ...upOptions({ signal }), topology }, machine.environment);
}

t.test("a step passes as soon as the lab has come to what is left of it", async (t) => {
  const topology = ring("{ do: { link-down: r1 -- r2 }, within: 2s }");
  const machine = new FakeMachine();
  machine.onInterface = async () => machine.tell(...settled(afterFirst(topology, machine)));
  const { outcome, steps, report } = await run(topology, machine);
  t.match({ outcome, converged: report.converged }, { outcome: "reached", converged: true });
  t.match(steps, [
    {
      name: "link-down r1 -- r2",
      place: { line: 5 },
      passed: true,
      actions: ["link-down r1:eth0"],
      settledAfterMs: 100,
      detectedAfterMs: 0,
      reconvergedAfterMs: 0,
      expected: { sessions: { met: 4, expected: 4 }, routes: { met: 3, expected: 3 } },
      problems: [],
      timeline: [
        { afterMs: 0, text: "link-down r1:eth0" },
        { afterMs: 0, text: "r1:eth0 is Idle: link down" },
        { afterMs: 0, text: "r2:eth0 is Idle: link down" },
      ],
      steps: [],
    },
  ]);
  t.ok(machine.calls.includes("set r1:eth0 down"));
  t.equal(machine.running.size, 0, "it is taken down");
});

t.test("a step fails at its deadline, and those after it are not begun", async (t) => {
  const topology = ring("{ do: { link-down: r1 -- r2 }, within: 2s }, { do: heal }");
  const machine = new FakeMachine();
  const { steps } = await run(topology, machine);
  t.match(steps, [{ passed: false, durationMs: 2000, detectedAfterMs: null, settledAfterMs: null }]);
  t.equal(steps.length, 1);
  const reasons = steps[0]?.problems.map(({ reason }) => reason) ?? [];
  t.ok(reasons.includes("r1:eth0 is Established, expected down"), reasons.join("\n"));
  t.notOk(machine.calls.some((call) => call.startsWith("set r1:eth0 up")));
});

t.test("a step fails as soon as it can no longer converge in time", async (t) => {
  const topology = ring("{ do: { link-down: r1 -- r2 }, within: 4s, converges-within: 300ms }");
  const { steps } = await run(topology, new FakeMachine());
  t.match(steps, [{ passed: false, durationMs: 450 }], "and what it must stay like then");
  t.match(steps[0]?.problems[0], { reason: "the lab has not converged within 300 ms, and must have" });
});

t.test("a step that comes to what it must, but too late, fails", async (t) => {
  const topology = ring("{ do: { link-down: r1 -- r2 }, within: 4s, converges-within: 40ms }");
  const machine = new FakeMachine();
  machine.onInterface = async () => {
    machine.environment.clock.after(60, () => machine.tell(...settled(afterFirst(topology, machine))));
  };
  const { steps } = await run(topology, machine);
  t.match(steps[0]?.problems, [{ reason: "the lab converged in 60 ms, and must do so within 40 ms" }]);
});

t.test("a step fails at once when a router's process has ended by itself", async (t) => {
  const topology = ring("{ do: { restart: r3, link-down: r1 -- r2 }, within: 4s }");
  const machine = new FakeMachine();
  const told = () => machine.events;
  machine.onInterface = async () => {
    const daemon = daemonsFor(compile(topology, pathsOf(machine)), machine.environment).find(({ routers }) =>
      routers.includes("r2"),
    );
    if (daemon?.probe.type !== "control") throw new Error("there is no such daemon");
    const [{ socket }, before] = [daemon.probe, told()];
    machine.events = (path) => {
      if (path === socket.path) throw new ControlError("nobody listens");
      return before(path);
    };
    machine.end(daemon.name, "SIGSEGV");
    machine.hangUp();
  };
  const { steps } = await run(topology, machine);
  t.match(steps, [{ passed: false }]);
  t.ok((steps[0]?.durationMs ?? 4000) < 1000, `after ${steps[0]?.durationMs} ms`);
  t.match(steps[0]?.problems, [{ type: "router", router: "r2" }]);
});

t.test("what is announced, withdrawn and configured is told to the routers that it concerns", async (t) => {
  const topology = ring(
    "{ do: { announce: { router: r2, prefixes: 10.9.0.0/16 }, configure: { r3:eth0: { passive: true } } } }",
  );
  const machine = new FakeMachine();
  machine.onCommand = () => machine.tell(...settled(afterFirst(topology, machine)));
  const { steps } = await run(topology, machine);
  t.match(steps, [{ passed: true, actions: ["reconfigure r2", "reconfigure r3"] }]);
  t.match(machine.commands, [
    { type: "reconfigure", router: "r2", config: { originate: ["10.9.0.0/16"] } },
    { type: "reconfigure", router: "r3", config: { sessions: [{ passive: true }, { passive: false }] } },
  ]);
});

t.test("an action that cannot be done is the step's failure", async (t) => {
  const machine = new FakeMachine();
  machine.onInterface = async () => {
    throw new PlumbingError("link down", new Error("eth0 is gone"));
  };
  const { steps } = await run(ring("{ do: { link-down: r1 -- r2 } }"), machine);
  t.match(steps, [{ passed: false, problems: [{ type: "lab", reason: "link down: eth0 is gone" }] }]);
});

t.test("a step that cannot be decided is the step's failure", async (t) => {
  const local = "{ local-pref: 200 }";
  const topology = topologyOf(`name: ring
defaults: { asn: 65000 }
routers: { r1: { asn: 65001 }, r2: { asn: 65002 }, r3: { asn: 65003, originate: [10.0.3.0/24] } }
links: [r1 -- r2 -- r3 -- r1]
steps: [{ do: { configure: { r1:eth0: ${local}, r2:eth0: ${local} } } }]`);
  const { steps } = await run(topology, new FakeMachine());
  t.match(steps, [{ passed: false, problems: [{ reason: /10\.0\.3\.0\/24/ }] }]);
});

t.test("a fault that a seed chose is told as steps", async (t) => {
  const machine = new FakeMachine();
  const { steps } = await run(ring("{ chaos: { faults: 3, seed: 4 }, within: 500ms }"), machine);
  const failed = steps.at(-1);
  t.equal(failed?.passed, false);
  t.match(failed?.steps.at(-1), /^- \{ name: "chaos: /);
});

t.test("a step is repeated", async (t) => {
  const { steps } = await run(ring("{ do: { soft-reset: r1:eth0 }, repeat: 3 }"), new FakeMachine());
  t.strictSame(
    steps.map(({ name }) => name),
    [1, 2, 3].map((round) => `soft-reset r1:eth0 (${round} of 3)`),
  );
});

t.test("an interruption in a step takes the lab down and still tells of the steps before", async (t) => {
  const root = new AbortController();
  const machine = new FakeMachine();
  machine.onInterface = async () => root.abort(new InterruptedError("SIGINT"));
  const { outcome, steps } = await run(
    ring("{ do: { soft-reset: r1:eth0 } }, { do: { link-down: r1 } }"),
    machine,
    root.signal,
  );
  t.equal(outcome, "interrupted");
  t.match(steps, [{ passed: true }]);
  t.equal(machine.running.size, 0);
});
