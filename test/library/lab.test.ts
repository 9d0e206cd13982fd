import { join } from "node:path";
import t from "tap";
import { ControlError } from "../../src/bgp/control/client.ts";
import { upIn } from "../../src/library/lab.ts";
import { FakeMachine } from "../lab/fake-machine.ts";
import { perfectStatus, shippedPlan } from "../support/lab-status.ts";

const file = "topologies/seed-pair.yaml";
const pair = shippedPlan("seed-pair");

function converging(): FakeMachine {
  const machine = new FakeMachine();
  machine.converge(pair);
  return machine;
}

t.test("a lab goes when it goes out of scope", async (t) => {
  const machine = converging();
  {
    await using lab = await upIn(machine.environment, file);
    t.match(lab, { name: "seed-pair", routers: ["r1", "r2"] });
    t.ok(machine.running.has("seed-pair"));
  }
  t.equal(machine.running.size, 0);
});

t.test("a lab tells of its routers' sessions and routes", async (t) => {
  await using lab = await upIn(converging().environment, file);
  t.match(await lab.converged(), { converged: true, problems: [] });
  t.match(await lab.sessions("r2"), [{ router: "r2", peerRouter: "r1", state: "Established" }]);
  t.equal((await lab.sessions()).length, 2);
  t.ok((await lab.routes("r1")).every(({ router }) => router === "r1"));
  t.match(await lab.inspect(), { converged: true });
});

t.test("a lab that has not converged in time says all that is wrong", async (t) => {
  const machine = converging();
  await using lab = await upIn(machine.environment, file);
  const status = perfectStatus(pair);
  const routes = status.routes.filter(({ prefix }) => prefix !== "10.0.2.0/24");
  machine.events = () => [{ type: "status", ...status, routes }];
  await t.rejects(lab.converged({ withinMs: 500 }), {
    code: "LAB_NOT_CONVERGED",
    message: /^seed-pair has not converged: .*\nwhy r2 to .*\n.*:11:3: r1 has no route to 10\.0\.2\.0\/24: /,
    report: { converged: false },
  });
});

t.test("a lab whose routers never answer is taken down, and told of", async (t) => {
  const machine = new FakeMachine();
  machine.events = () => {
    throw new ControlError("ECONNREFUSED");
  };
  await t.rejects(upIn(machine.environment, file, { timeoutMs: 100 }), {
    code: "LAB_NOT_CONVERGED",
    message: /r1 does not answer: ECONNREFUSED/,
  });
  t.equal(machine.running.size, 0);
});

t.test("a program that fails in a router is a result; a router that is not there is an error", async (t) => {
  const machine = converging();
  await using lab = await upIn(machine.environment, file);
  machine.exitCode = 7;
  t.match(await lab.exec("r1", ["false"]), { exitCode: 7 });
  t.equal(machine.calls.at(-1), "capture seed-pair r1 false");
  await t.rejects(lab.exec("r9", ["true"]), { code: "ROUTER_UNKNOWN" });
  await t.rejects(lab.routes("r9"), { code: "ROUTER_UNKNOWN" });
  await t.rejects(lab.sessions("r9"), { code: "ROUTER_UNKNOWN" });
});

t.test("an aborted signal ends the wait, and leaves nothing half-made", async (t) => {
  const machine = converging();
  const controller = new AbortController();
  machine.onPlumb = async () => controller.abort(new Error("enough"));
  await t.rejects(upIn(machine.environment, file, { signal: controller.signal }), { message: "enough" });
  t.equal(machine.running.size, 0);
});

t.test("steps are taken of a lab that has converged, one call after another", async (t) => {
  const machine = converging();
  await using lab = await upIn(machine.environment, file);
  const [first, ...others] = await lab.steps([{ do: { "soft-reset": "r1:eth0" } }]);
  t.match(first, { name: "soft-reset r1:eth0", passed: true, place: { file: "steps", line: 1 } });
  t.equal(others.length, 0);
  t.match(await lab.steps([{ do: { configure: { r1: { med: 5 } } }, within: "1s" }]), [
    { actions: ["reconfigure r1"] },
  ]);
  await lab.steps([{ do: { configure: { r1: { "local-pref": 7 } } }, within: "1s" }]);
  t.match(
    machine.commands.at(-1),
    { router: "r1", config: { sessions: [{ med: 5, localPref: 7 }] } },
    "settings add up",
  );
  t.strictSame(await lab.steps(), [], "the file has none");
});

t.test("a step that does not pass rejects with all that is wrong", async (t) => {
  await using lab = await upIn(converging().environment, file);
  await t.rejects(lab.steps([{ do: { blackhole: "r1:eth0" }, within: 0.2 }]), {
    code: "STEP_FAILED",
    message:
      /^FAIL {2}blackhole r1:eth0: not so after \d+ ms: .*\nwhy [\s\S]*r1:eth0 is Established, expected down/,
    report: { passed: false },
  });
});

t.test(
  "a step that is wrong is told before anything is done, and a router's process is its own if wanted",
  async (t) => {
    const machine = converging();
    await using lab = await upIn(machine.environment, file);
    await t.rejects(lab.steps([{ do: { kil: "r1" } }]), {
      code: "TOPOLOGY_INVALID",
      message: /did you mean kill/,
    });
    await t.rejects(lab.steps([{ do: { kill: "r1" }, within: 1 }]), { message: /--isolate/ });
    const alone = converging();
    await using other = await upIn(alone.environment, file, { isolate: true });
    await t.rejects(other.steps([{ do: { kill: "r1" }, within: 0.5 }]), { code: "STEP_FAILED" });
    t.ok(alone.calls.some((call) => call.startsWith("kill seed-pair ")));
  },
);

t.test("a file that is wrong touches nothing", async (t) => {
  const machine = new FakeMachine();
  const bad = join(t.testdir({ "bad.yaml": "name: bad\n" }), "bad.yaml");
  await t.rejects(upIn(machine.environment, bad), { code: "TOPOLOGY_INVALID" });
  t.strictSame(machine.calls, []);
});
