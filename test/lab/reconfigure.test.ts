import t from "tap";
import { daemonsFor } from "../../src/lab/lab-directory.ts";
import { reconfigureRouter } from "../../src/lab/reconfigure.ts";
import { up } from "../../src/lab/up.ts";
import type { Address } from "../../src/net/address.ts";
import { withNode } from "../../src/plan/originate.ts";
import type { NodePlan, Plan } from "../../src/plan/plan.ts";
import { planOf } from "../support/lab-status.ts";
import { FakeMachine } from "./fake-machine.ts";
import { upOptions } from "./running.ts";

const { signal } = new AbortController();
const text = "name: lab\nrouters: { r1: {}, r2: { kind: bird } }\nlinks: [r1 -- r2]";

async function bringUp(): Promise<FakeMachine> {
  const machine = new FakeMachine();
  machine.programs.add("bird");
  machine.run = async (_daemon, commands) => commands.map(() => "");
  machine.converge(planOf(text));
  await up(planOf(text), upOptions({ until: "answering" }), machine.environment);
  return machine;
}

function nodeOf({ nodes }: Plan, name: string): NodePlan {
  const node = nodes.find((each) => each.name === name);
  if (!node) throw new Error(`no router ${name}`);
  return node;
}

/** The router without what it originates. */
function silenced(name: string): NodePlan {
  const node = nodeOf(planOf(text), name);
  return { ...node, loopback: ["10.9.0.1" as Address], router: { ...node.router, originate: [] } };
}

async function reconfigure(machine: FakeMachine, node: NodePlan): Promise<readonly string[]> {
  const { environment } = machine;
  const plan = withNode(planOf(text), node);
  return await reconfigureRouter(node, { plan, daemons: daemonsFor(plan, environment), environment, signal });
}

t.test("a speaker's router is told its configuration, and has its loopback addresses", async (t) => {
  const machine = await bringUp();
  machine.effects = ["readvertise"];
  const node = silenced("r1");
  const calls = machine.calls.length;
  t.strictSame(await reconfigure(machine, node), ["readvertise"]);
  t.strictSame(machine.commands, [{ type: "reconfigure", router: "r1", config: node.router }]);
  t.strictSame(machine.calls.slice(calls), ["loopback r1 10.9.0.1"]);
});

t.test("any other program starts again with its new configuration", async (t) => {
  const machine = await bringUp();
  const calls = machine.calls.length;
  t.strictSame(await reconfigure(machine, silenced("r2")), ["restart"]);
  t.strictSame(machine.calls.slice(calls + 1), ["stop lab bird-r2", "start lab bird-r2", "release bird-r2"]);
  t.strictSame(machine.commands, []);
});

t.test("a router that the lab does not have is told", async (t) => {
  const machine = await bringUp();
  const node = { ...silenced("r1"), name: "r9" };
  await t.rejects(reconfigure(machine, node), { code: "ROUTER_UNKNOWN", hint: "it has r1, r2" });
});
