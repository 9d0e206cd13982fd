import t from "tap";
import type { RouteDetail } from "../../src/bgp/control/route-detail.ts";
import { claimDirectory, writeRecord } from "../../src/lab/lab-directory.ts";
import { type RoutesTarget, routes } from "../../src/lab/routes.ts";
import { planOf, shippedPlan } from "../support/lab-status.ts";
import { FakeMachine } from "./fake-machine.ts";
import { bringUp } from "./running.ts";

const pair = shippedPlan("seed-pair");
const { signal } = new AbortController();
const route = { prefix: "10.0.1.0/24", state: "best" } as RouteDetail;

async function ask(machine: FakeMachine, target: Partial<RoutesTarget>): Promise<RouteDetail[]> {
  const all: RouteDetail[] = [];
  const asked = { lab: pair.lab, router: "r1", prefix: undefined, peer: undefined, ...target };
  for await (const part of routes(asked, { signal }, machine.environment)) all.push(...part);
  return all;
}

t.test("a router's routes come from its speaker, part by part", async (t) => {
  const machine = await bringUp(pair);
  machine.routeParts = [[route, route], [route]];
  t.equal((await ask(machine, {})).length, 3);
  await ask(machine, { prefix: "10.0.1.0/24", peer: { direction: "in", name: "eth0" } });
  await ask(machine, { router: "r2", peer: { direction: "out", name: "r1" } });
  t.strictSame(machine.queries, [
    { router: "r1", prefix: null, table: "locRib", session: null },
    { router: "r1", prefix: "10.0.1.0/24", table: "adjRibIn", session: "eth0" },
    { router: "r2", prefix: null, table: "adjRibOut", session: "eth0" },
  ]);
});

t.test("what cannot be asked for is told with what can", async (t) => {
  const machine = await bringUp(pair);
  await t.rejects(ask(machine, { router: "r3" }), { code: "ROUTER_UNKNOWN", hint: "it has r1, r2" });
  await t.rejects(ask(machine, { peer: { direction: "in", name: "r1" } }), {
    code: "SESSION_UNKNOWN",
    message: "the lab seed-pair has no session r1:r1",
    hint: "it has r1:eth0 (r2)",
  });
  await t.rejects(ask(machine, { prefix: "10.0.1.1/24" }), {
    code: "ARGUMENT_INVALID",
    hint: "the prefix is 10.0.1.0/24",
  });
  await t.rejects(ask(machine, { prefix: "10.0.1.1" }), { message: "10.0.1.1 is not a prefix" });
});

t.test("a peer with several sessions must be named by one of them", async (t) => {
  const plan = planOf("name: twice\nrouters: [r1, r2]\nlinks: [r1 -- r2, r1 -- r2]");
  const machine = await bringUp(plan);
  const target = { lab: "twice", peer: { direction: "in", name: "r2" } } as const;
  await t.rejects(ask(machine, target), {
    message: "r1 has 2 sessions with r2",
    hint: "name one of them instead: eth0, eth1",
  });
});

t.test("on a shared link an interface is not enough to name a peer", async (t) => {
  const plan = planOf("name: shared\nrouters: [r1, r2, r3]\nlinks: [[r1, r2, r3]]");
  const machine = await bringUp(plan);
  const to = (name: string) => ({ lab: "shared", peer: { direction: "in", name } }) as const;
  await t.rejects(ask(machine, to("eth0")), {
    message: "r1 has 2 sessions on eth0",
    hint: "name one of them instead: eth0/fe80::2, eth0/fe80::3",
  });
  await ask(machine, to("r3"));
  await ask(machine, to("eth0/fe80::2"));
  t.match(machine.queries, [{ session: "eth0/fe80::3" }, { session: "eth0/fe80::2" }]);
});

t.test("a session that need not come up has routes, too", async (t) => {
  const plan = planOf("name: down\nrouters: [r1, r2]\nlinks: [{ link: r1 -- r2, expect: down }]");
  const machine = await bringUp(plan);
  await ask(machine, { lab: "down", peer: { direction: "in", name: "r2" } });
  t.match(machine.queries, [{ router: "r1", table: "adjRibIn", session: "eth0" }]);
});

t.test("a router of another kind does not tell so much", async (t) => {
  const plan = shippedPlan("pair-with-bird");
  const machine = new FakeMachine();
  machine.running.set(plan.lab, { name: plan.lab, routers: plan.nodes.map(({ name }) => name) });
  await claimDirectory(plan.lab, machine.environment.directories);
  await writeRecord(plan, machine.environment);
  const bird = plan.nodes.find(({ kind }) => kind === "bird")?.name ?? "";
  await t.rejects(ask(machine, { lab: plan.lab, router: bird }), {
    code: "ROUTES_OPAQUE",
    message: `${bird} runs bird, which tells nothing but its best routes`,
  });
});

t.test("a speaker that does not answer is told of", async (t) => {
  const machine = await bringUp(pair);
  machine.onRead = (either) =>
    new Promise((_, reject) => {
      either.addEventListener("abort", () => reject(either.reason), { once: true });
    });
  await t.rejects(ask(machine, {}), { code: "DAEMON_SILENT" });
});
