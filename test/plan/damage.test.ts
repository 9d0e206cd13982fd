import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import { type Damage, harm, unharmed } from "../../src/plan/damage.ts";
import { damagedPlan } from "../../src/plan/damaged-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { formatStepAction, type LabAction, type StepAction } from "../../src/topology/action.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { planOf } from "../support/lab-status.ts";
import { topologyOf } from "../topology/parsing.ts";

const paths = { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/lab" };
const step = { checks: [], limits: { withinMs: 1000, settleMs: 10, forMs: 0 } };

const square = (more: { links?: string; steps?: string; r1?: string } = {}) => `name: lab
routers: { r1: { originate: [10.0.1.0/24], ${more.r1 ?? ""} }, r2: , r3: { originate: [10.0.3.0/24] }, r4: }
links: ${more.links ?? "[r1 -- r2 -- r3 -- r4 -- r1]"}
steps: [${more.steps ?? ""}]
`;

/** What each step of a topology does, one after another. */
function fold(topology: Topology): { damage: Damage; actions: readonly LabAction[]; plan: Plan }[] {
  let damage = unharmed(topology);
  return topology.steps.map(({ work }) => {
    const found = harm(damage, work.type === "actions" ? work.actions : []);
    damage = found.damage;
    return { ...found, plan: damagedPlan(damage, step, paths) };
  });
}

const last = (steps: string, more: Parameters<typeof square>[0] = {}) => {
  const found = fold(topologyOf(square({ ...more, steps }))).at(-1);
  if (!found) throw new Error("there is no step");
  return found;
};
const routesOf = ({ expectation }: Plan) =>
  expectation.routes.map(({ router, prefix, via }) => `${router} ${prefix} ${via}`).sort();
const sessionsOf = ({ expectation }: Plan) =>
  expectation.sessions.map(({ router, session }) => `${router}:${session}`);
const downIn = ({ expectation }: Plan) =>
  (expectation.checks ?? []).map((check) =>
    check.type === "session" ? `${check.router}:${check.session}` : "",
  );

t.test("a link that is cut is expected down at both ends, and routes as if it were not there", async (t) => {
  const without = planOf(square({ links: "[{ link: r1 -- r2, expect: down }, r2 -- r3 -- r4 -- r1]" }));
  for (const cut of [
    "link-down: r1:eth0",
    "link-down: r2 -- r1",
    "blackhole: r2:eth0",
    "blackhole: r1 -- r2",
  ]) {
    const { plan } = last(`{ do: { ${cut} } }`);
    t.strictSame(routesOf(plan), routesOf(without), cut);
    t.strictSame(sessionsOf(plan), sessionsOf(without), cut);
    t.strictSame(downIn(plan), ["r1:eth0", "r2:eth0"], cut);
    t.strictSame(plan.nodes, planOf(square()).nodes, "no router is told anything");
  }
});

t.test("a router that is away is not asked, and takes its prefixes along", async (t) => {
  for (const word of ["stop", "kill", "pause"]) {
    const { plan } = last(`{ do: { ${word}: r1 } }`);
    t.strictSame(routesOf(plan), ["r2 10.0.3.0/24 eth1", "r3 10.0.3.0/24 null", "r4 10.0.3.0/24 eth0"], word);
    t.strictSame(downIn(plan), ["r2:eth0", "r4:eth1"], word);
    t.strictSame(plan.expectation.away, ["r1"], word);
    t.ok(
      plan.expectation.sessions.every(({ router }) => router !== "r1"),
      word,
    );
    t.equal(plan.nodes.length, 4);
  }
});

t.test("what undoes a fault gives back what was expected before", async (t) => {
  const pairs: [string, string][] = [
    ["link-down: r1:eth0", "link-up: r1 -- r2"],
    ["blackhole: r1 -- r2", "unblackhole: [r1:eth0, r2:eth0]"],
    ["kill: r1", "start: r1"],
    ["pause: r1", "restart: r1"],
    ["pause: r1", "resume: r1"],
    ["partition: [[r1, r2]]", "heal:"],
    ["{ kill: r1, pause: r2, link-down: r3:eth0, blackhole: r4 }", "heal:"],
    ["withdraw: { router: r1, prefixes: 10.0.1.0/24 }", "announce: { router: r1, prefixes: 10.0.1.0/24 }"],
  ];
  const { expectation, nodes } = damagedPlan(unharmed(topologyOf(square())), step, paths);
  for (const [fault, remedy] of pairs) {
    const { plan } = last(`{ do: ${fault.startsWith("{") ? fault : `{ ${fault} }`} }, { do: { ${remedy} } }`);
    t.strictSame(plan.expectation, expectation, fault);
    t.strictSame(plan.nodes, nodes, fault);
  }
});

t.test("healing is what takes away the damage that is there, and nothing else", async (t) => {
  const { actions } = last(
    "{ do: { kill: r1, pause: r2, link-down: r3:eth0, blackhole: r4:eth1 } }, { do: [heal, { reset: r3:eth1 }] }",
  );
  t.strictSame(actions.map(formatStepAction), [
    "link-up r3:eth0",
    "unblackhole r4:eth1",
    "start r1",
    "resume r2",
    "reset r3:eth1",
  ]);
  t.strictSame(last("{ do: heal }").actions, []);
});

t.test("a killed router cannot be halted, and one that is halted can be killed", async (t) => {
  t.match(last("{ do: { kill: r1 } }, { do: { pause: r1 } }").damage, {
    stopped: new Set(["r1"]),
    paused: new Set(),
  });
  t.match(last("{ do: { pause: r1 } }, { do: { kill: r1 } }").damage, {
    stopped: new Set(["r1"]),
    paused: new Set(),
  });
  t.match(last("{ do: { pause: r1 } }, { do: { start: r1 } }").damage, { paused: new Set(["r1"]) });
});

t.test("what routers are told is in their configurations, and in what is expected", async (t) => {
  const announced = last("{ do: { announce: { router: r2, prefixes: [10.0.9.0/24, 10.0.1.0/24] } } }").plan;
  t.match(announced.nodes[1], {
    router: { originate: ["10.0.9.0/24", "10.0.1.0/24"] },
    loopback: ["10.0.9.1", "10.0.1.1"],
  });
  t.ok(routesOf(announced).includes("r4 10.0.9.0/24 eth1"));
  t.ok(routesOf(announced).includes("r2 10.0.1.0/24 null"));
  const { plan } = last(
    "{ do: { configure: { r4:eth1: { local-pref: 200 }, r2: { multipath: { maximum-paths: 2 } } } } }",
  );
  t.match(plan.nodes[3]?.router.sessions, [{ localPref: null }, { localPref: 200 }]);
  t.match(plan.nodes[1]?.router.multipath, { maximumPaths: 2 });
});

t.test("sessions without a hold time notice no silence", async (t) => {
  const silent = last("{ do: { blackhole: r1 -- r2 } }", { r1: "timers: { hold: 0 }" });
  t.strictSame(downIn(silent.plan), []);
  t.strictSame(routesOf(silent.plan), routesOf(planOf(square())));
  t.strictSame(downIn(last("{ do: { link-down: r1 -- r2 } }", { r1: "timers: { hold: 0 }" }).plan), [
    "r1:eth0",
    "r2:eth0",
  ]);
});

t.test(
  "routes are not judged while peers keep those of a router that is to come back (RFC 4724)",
  async (t) => {
    const open = (action: string) => {
      const { expectation } = last(`{ do: { ${action} } }`, { r1: "graceful-restart: full" }).plan;
      return { isOpen: expectation.areRoutesOpen, isEmpty: expectation.routes.length === 0 };
    };
    t.strictSame(open("kill: r1"), { isOpen: true, isEmpty: true });
    t.strictSame(open("blackhole: r1 -- r2"), { isOpen: true, isEmpty: true });
    t.strictSame(open("kill: r2"), { isOpen: false, isEmpty: false }, "r2 asks nobody to keep anything");
    t.strictSame(open("link-down: r2 -- r3"), { isOpen: false, isEmpty: false });
  },
);

t.test("on a shared link all sessions of the one who is cut off are down", async (t) => {
  const { plan } = last("{ do: { blackhole: r1:eth0 } }", { links: "[[r1, r2, r3], r4 -- r3]" });
  t.strictSame(downIn(plan), ["r1:eth0/fe80::2", "r2:eth0/fe80::1", "r1:eth0/fe80::3", "r3:eth0/fe80::1"]);
});

t.test("whatever is done, healing leaves no damage, and prefixes and settings as they are", async () => {
  const topology = topologyOf(square());
  const ends = topology.links.flatMap((link) => link.ends).map(({ router, ifname }) => ({ router, ifname }));
  const action = fc.oneof(
    fc
      .record({
        type: fc.constantFrom("link-down", "link-up", "blackhole", "unblackhole"),
        end: fc.constantFrom(...ends),
      })
      .map(({ type, end }): StepAction => ({ type, ...end })),
    fc.record({
      type: fc.constantFrom("stop", "start", "restart", "kill", "pause", "resume"),
      router: fc.constantFrom("r1", "r2", "r3", "r4"),
    }) as fc.Arbitrary<StepAction>,
  );
  fc.assert(
    fc.property(fc.array(action), (actions) => {
      const damaged = actions.reduce((damage, one) => harm(damage, [one]).damage, unharmed(topology));
      const healed = harm(damaged, [{ type: "heal" }]);
      assert.deepEqual(healed.damage, unharmed(topology));
      assert.deepEqual(harm(damaged, healed.actions).damage, unharmed(topology));
    }),
    { numRuns: 100 },
  );
});
