import t from "tap";
import type { RouterConfig } from "../../src/bgp/config/config.ts";
import { readRecord } from "../../src/lab/lab-directory.ts";
import { lockLab } from "../../src/lab/lock.ts";
import { reconfigureRouter } from "../../src/lab/reconfigure.ts";
import { up } from "../../src/lab/up.ts";
import type { Plan } from "../../src/plan/plan.ts";
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

function configOf({ nodes }: Plan, name: string): RouterConfig {
  const node = nodes.find((each) => each.name === name);
  if (!node) throw new Error(`no router ${name}`);
  return node.router;
}

t.test("a speaker's router is told its configuration, which is on record then", async (t) => {
  const machine = await bringUp();
  machine.effects = ["readvertise"];
  const config = { ...configOf(planOf(text), "r1"), originate: [] };
  const change = () => reconfigureRouter({ lab: "lab", config }, { signal }, machine.environment);
  t.strictSame(await change(), ["readvertise"]);
  t.strictSame(machine.commands, [{ type: "reconfigure", router: "r1", config }]);
  const { plan } = await readRecord("lab", machine.environment);
  t.strictSame(configOf(plan, "r1"), config);
  using _ = lockLab({ lab: "lab", command: "up" }, machine.environment.directories);
  await t.rejects(change(), { code: "LAB_LOCKED" });
});

t.test("any other program starts again with its new configuration", async (t) => {
  const machine = await bringUp();
  const config = { ...configOf(planOf(text), "r2"), originate: [] };
  const calls = machine.calls.length;
  t.strictSame(await reconfigureRouter({ lab: "lab", config }, { signal }, machine.environment), ["restart"]);
  t.strictSame(machine.calls.slice(calls), ["stop lab bird-r2", "start lab bird-r2", "release bird-r2"]);
  t.strictSame(machine.commands, []);
});

t.test("a router that the lab does not have is told", async (t) => {
  const machine = await bringUp();
  const config = { ...configOf(planOf(text), "r1"), name: "r9" };
  await t.rejects(reconfigureRouter({ lab: "lab", config }, { signal }, machine.environment), {
    code: "ROUTER_UNKNOWN",
    hint: "it has r1, r2",
  });
});
