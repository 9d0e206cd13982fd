import t from "tap";
import type { RouteDetail } from "../../src/bgp/control/route-detail.ts";
import { up } from "../../src/lab/up.ts";
import { prefix } from "../../src/net/prefix.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { perfectStatus, planOf } from "../support/lab-status.ts";
import { FakeMachine } from "./fake-machine.ts";
import { upOptions } from "./running.ts";

const planWith = (expect: string) =>
  planOf(
    `name: details\nrouters: { r1: { originate: [10.0.1.0/24] }, r2: }\nlinks: [r1 -- r2]\nexpect: { within: 1s, ${expect} }`,
  );

const best = {
  state: "best",
  attributes: { asPath: [], communities: [7], med: 5 },
} as unknown as RouteDetail;

async function outcomeOf(plan: Plan, change: (machine: FakeMachine) => void = () => {}) {
  const machine = new FakeMachine();
  machine.converge(plan);
  machine.routeParts = [[best]];
  machine.kernel = [
    { prefix: prefix("10.0.1.0/24"), protocol: 80, nextHops: [{ via: "eth0", nextHop: null }] },
  ];
  change(machine);
  const { outcome, report } = await up(plan, upOptions(), machine.environment);
  return { outcome, converged: report.converged, problems: report.problems.map(({ reason }) => reason) };
}

const attributes = planWith("routes: [{ router: r2, prefix: 10.0.1.0/24, med: 5 }]");
const kernel = planWith("kernel: [{ router: r2, prefix: 10.0.1.0/24, via: [eth0] }]");

t.test("attributes and kernel routes that are as expected are no problem", async (t) => {
  t.strictSame(await outcomeOf(attributes), { outcome: "reached", converged: true, problems: [] });
  t.strictSame(await outcomeOf(kernel), { outcome: "reached", converged: true, problems: [] });
});

t.test("a lab whose kernel has other routes has not converged at its deadline", async (t) => {
  t.strictSame(
    await outcomeOf(kernel, (machine) => {
      machine.kernel = [];
    }),
    {
      outcome: "timeout",
      converged: false,
      problems: ["the kernel of r2 has no route to 10.0.1.0/24"],
    },
  );
});

t.test("a router that does not tell its attributes is asked again until the deadline", async (t) => {
  let asked = 0;
  let queries: readonly unknown[] = [];
  const { outcome } = await outcomeOf(attributes, (machine) => {
    queries = machine.queries;
    machine.onRead = async () => {
      machine.routeParts = ++asked < 3 ? [[]] : [[best]];
    };
  });
  t.equal(outcome, "reached");
  t.equal(queries.length, 3);
});

t.test("a lab that has taken longer than it may has failed, however well it is", async (t) => {
  const plan = planWith("converges-within: 1ms");
  const { outcome, problems } = await outcomeOf(plan, (machine) => {
    const { clock } = machine.environment;
    machine.onPlumb = async () => void (await new Promise<void>((resolve) => void clock.after(20, resolve)));
  });
  t.equal(outcome, "timeout");
  t.match(problems, [/^the lab converged in \d+ ms, and must do so within 1 ms$/]);
  t.equal((await outcomeOf(planWith("converges-within: 900ms"))).outcome, "reached");
});

t.test("a lab that can no longer converge in time is given up at once", async (t) => {
  const plan = planWith("converges-within: 100ms");
  const machine = new FakeMachine();
  machine.events = () => [{ type: "status", ...perfectStatus(plan), sessions: [] }];
  const { clock } = machine.environment;
  const startedAtMs = clock.now();
  const { outcome } = await up(plan, upOptions(), machine.environment);
  t.equal(outcome, "timeout");
  t.ok(clock.now() - startedAtMs < 1000, `${clock.now() - startedAtMs} ms`);
});

t.test("who does not answer a ping is told", async (t) => {
  const plan = planOf(
    "name: details\nrouters: { r1: { originate: [10.0.1.0/24] }, r2: { originate: [10.0.2.0/24] } }\nlinks: [r1 -- r2]\nexpect: { within: 1s, ping: [{ from: r1, to: r2 }] }",
  );
  t.equal((await outcomeOf(plan)).outcome, "reached");
  const refused = await outcomeOf(plan, (machine) => {
    machine.exitCode = 1;
  });
  t.match(refused, {
    outcome: "timeout",
    problems: ["r1 does not reach r2: no answer to what it sends from 10.0.1.1 to 10.0.2.1"],
  });
});
