import t from "tap";
import type { RouterConfig } from "../../src/bgp/config/config.ts";
import { daemonsFor } from "../../src/lab/lab-directory.ts";
import { reconfigureRouter } from "../../src/lab/reconfigure.ts";
import { up } from "../../src/lab/up.ts";
import type { Address } from "../../src/net/address.ts";
import { prefix } from "../../src/net/prefix.ts";
import { withNode } from "../../src/plan/originate.ts";
import type { NodePlan, Plan } from "../../src/plan/plan.ts";
import { planOf } from "../support/lab-status.ts";
import { FakeMachine } from "./fake-machine.ts";
import { upOptions } from "./running.ts";

const { signal } = new AbortController();
const textOf = (kind: string) => `name: lab\nrouters: { r1: {}, r2: { kind: ${kind} } }\nlinks: [r1 -- r2]`;
const text = textOf("bird");

async function bringUp(kind = "bird"): Promise<FakeMachine> {
  const machine = new FakeMachine();
  for (const program of ["bird", "/usr/lib/frr/bgpd"]) machine.programs.add(program);
  machine.run = async (_daemon, commands) => commands.map(() => "");
  const plan = planOf(textOf(kind));
  machine.converge(plan);
  await up(plan, upOptions({ until: "answering" }), machine.environment);
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

async function reconfigure(
  machine: FakeMachine,
  node: NodePlan,
  former?: RouterConfig,
): Promise<readonly string[]> {
  const { environment } = machine;
  const plan = withNode(planOf(text), node);
  const asked = { plan, daemons: daemonsFor(plan, environment), environment, signal };
  return await reconfigureRouter({ node, former }, asked);
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

/** What becomes of a BIRD or FRR that is told of other things. */
async function retold(kind: string, change: (router: RouterConfig) => RouterConfig) {
  const machine = await bringUp(kind);
  const commands: string[] = [];
  machine.run = async (_daemon, some) => {
    for (const command of some) commands.push(command.join(" "));
    return some.map(() => "");
  };
  const former = nodeOf(planOf(textOf(kind)), "r2");
  const calls = machine.calls.length;
  const node = { ...former, router: change(former.router) };
  const effects = await reconfigure(machine, node, former.router);
  return { effects, calls: machine.calls.slice(calls + 1), commands };
}

const announcing = (router: RouterConfig): RouterConfig => ({
  ...router,
  originate: [prefix("10.9.0.0/16")],
});

t.test("a program that can read its files anew does so, if no session must start over", async (t) => {
  const { effects, calls, commands } = await retold("bird", announcing);
  t.strictSame([effects, calls], [["readvertise"], ["write bird-r2.sh bird-r2.conf"]]);
  t.match(commands, [/^birdc -s \S+ configure$/]);
  const [session] = nodeOf(planOf(text), "r2").router.sessions;
  if (!session) throw new Error("there is no session");
  const over = await retold("bird", (router) => ({
    ...router,
    sessions: [{ ...session, md5Key: "secret" }],
  }));
  t.strictSame(over.effects, ["restart"]);
});

t.test("a program that takes prefixes is told of them", async (t) => {
  const { effects, commands } = await retold("frr", announcing);
  t.strictSame(effects, ["readvertise"]);
  t.match(commands, [/-c address-family ipv4 unicast -c network 10\.9\.0\.0\/16 -c exit-address-family$/]);
});

t.test(
  "a program of which nobody knows what it was told starts again with its new configuration",
  async (t) => {
    const machine = await bringUp();
    const calls = machine.calls.length;
    t.strictSame(await reconfigure(machine, silenced("r2")), ["restart"]);
    t.strictSame(machine.calls.slice(calls + 1), [
      "stop lab bird-r2",
      "start lab bird-r2",
      "release bird-r2",
    ]);
    t.strictSame(machine.commands, []);
  },
);

t.test("a router that the lab does not have is told", async (t) => {
  const machine = await bringUp();
  const node = { ...silenced("r1"), name: "r9" };
  await t.rejects(reconfigure(machine, node), { code: "ROUTER_UNKNOWN", hint: "it has r1, r2" });
});
