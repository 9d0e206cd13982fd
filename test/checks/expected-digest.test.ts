import t from "tap";
import { digestsAlone } from "../../src/bgp/control/interest.ts";
import { Convergence } from "../../src/checks/convergence.ts";
import { ExpectedDigests } from "../../src/checks/expected-digest.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { planOf, shippedPlan } from "../support/lab-status.ts";
import { PlannedLab } from "../support/planned-lab.ts";

const square = `
name: square
defaults: { multipath: { maximum-paths: 4, as-path-relax: true } }
routers:
  r1: { originate: [10.0.1.0/24, "2001:db8:1::/48"] }
  r2:
  r3:
  r4: { originate: [0.0.0.0/0] }
links: [r1 -- r2 -- r4, r1 -- r3 -- r4]
`;

/** A lab in memory that has had the time to converge. */
function converged(plan: Plan): PlannedLab {
  const lab = new PlannedLab(plan);
  lab.start();
  lab.clock.advance(20_000);
  return lab;
}

const plans = ["seed-pair", "chain-3", "clos-2x4", "ring-6", "valley-free"].map(shippedPlan);
for (const plan of [...plans, planOf(square)]) {
  t.test(`${plan.lab}: routers that have what is expected have its digest, and converge by it`, async (t) => {
    const lab = converged(plan);
    const convergence = new Convergence(plan, { settleMs: 0 });
    const expected = Map.groupBy(plan.expectation.routes, ({ router }) => router);
    for (const [name, router] of lab.routers) {
      const status = router.statusFor(digestsAlone);
      t.strictSame(status.routes, []);
      const due = expected.get(name) ?? [];
      t.match(status.routers, [{ routeCount: due.length, digest: new ExpectedDigests().of(due) }], name);
      convergence.observe({ type: "status", ...status }, 0);
    }
    t.match(convergence.verdict(0), { converged: true, problems: [] });
  });
}

t.test("another digest is told of, until the routes are told one by one", async (t) => {
  const plan = shippedPlan("chain-3");
  const lab = converged(plan);
  lab.wire("r2", "eth1").setRunning(false);
  lab.clock.advance(20_000);
  const convergence = new Convergence(plan, { settleMs: 0 });
  for (const router of lab.routers.values()) {
    convergence.observe({ type: "status", ...router.statusFor(digestsAlone) }, 0);
  }
  const [first] = convergence.digested;
  const { problems, routes } = convergence.verdict(0);
  t.match(
    problems.filter(({ type }) => type === "router").map(({ reason }) => reason)[0],
    /^r1 has routes to \d+ prefixes, not all as expected \(\d+\): fe80 routes shows them$/,
  );
  t.ok(routes.met < routes.expected);
  t.equal(first, "r1", "those first that are not right");
  for (const router of lab.routers.values()) convergence.observe({ type: "status", ...router.status }, 1);
  t.notOk(convergence.verdict(1).problems.some(({ type }) => type === "check"));
  t.ok(convergence.verdict(1).problems.some(({ type }) => type === "route"));
});
