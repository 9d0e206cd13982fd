import t from "tap";
import type { Transport } from "../../src/bgp/speaker/host.ts";
import { Router, type RouterSetup } from "../../src/bgp/speaker/router.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { faultTypes } from "../../src/simulation/faults.ts";
import { type RunOptions, type RunResult, run } from "../../src/simulation/run.ts";
import { simulate, summarize } from "../../src/simulation/simulate.ts";
import type { TraceLine } from "../../src/simulation/trace.ts";
import { planOf, shippedPlan } from "../support/lab-status.ts";
import { createSelfishRouter, override } from "./planted-bugs.ts";

const pair = shippedPlan("seed-pair");
const clos = shippedPlan("clos-2x4");

function results(
  plan: Plan,
  { runs, seed = 1, ...rest }: { runs: number } & Partial<RunOptions>,
): RunResult[] {
  const done: RunResult[] = [];
  for (const result of simulate(plan, { seed, ...rest })) if (done.push(result) === runs) break;
  return done;
}

function report(plan: Plan, options: Parameters<typeof results>[1]) {
  return summarize(plan, options.seed ?? 1, results(plan, options));
}

t.test("the pair converges in any weather, in which all types of fault occur", async (t) => {
  const { runs, failures, faults, convergence } = report(pair, { runs: 300 });
  t.strictSame(failures, []);
  t.equal(runs, 300);
  for (const type of faultTypes) t.ok(faults[type] > 0, `${type}: ${faults[type]}`);
  t.ok(convergence && convergence.worst.ms > 0, "some runs had work left after the last fault");
});

t.test("so does a fabric", async (t) => {
  t.strictSame(report(clos, { runs: 20 }).failures, []);
});

t.test("machines without BGP and sessions that stay down have no part in it", async (t) => {
  const plan = planOf(`
name: lab
defaults: { redistribute: [connected] }
routers: { "r[1-3]": { originate: ["10.0.{n}.0/24"] }, h1: { kind: host, addresses: [10.1.0.10/24] } }
links:
  - h1 -- r1 -- r2
  - { link: r2 -- r3, expect: down, sessions: { r3: { md5: wrong } } }
  - { link: r1 -- r3, expect: none }`);
  t.strictSame(report(plan, { runs: 20 }).failures, []);
});

function trace(seed: number): string {
  const lines: TraceLine[] = [];
  run(clos, { seed, trace: (line) => lines.push(line) });
  return lines.map((line) => JSON.stringify(line)).join("\n");
}

t.test("a seed always brings back the same run, to the last octet", async (t) => {
  const first = trace(5);
  t.ok(first.length > 10_000, `${first.length} characters`);
  t.ok(first === trace(5), "the same seed, the same trace");
  t.ok(first !== trace(6), "another seed, another trace");
  t.strictSame(
    run(clos, { seed: 5 }),
    run(clos, { seed: 5, trace: () => {} }),
    "to be watched changes nothing",
  );
});

t.test("seeds go on from the first, and around", async (t) => {
  const seeds = (seed: number) => results(pair, { runs: 3, seed }).map((result) => result.seed);
  t.strictSame(seeds(7), [7, 8, 9]);
  t.strictSame(seeds(2 ** 32 - 2), [2 ** 32 - 2, 2 ** 32 - 1, 0]);
});

t.test(
  "a wrong rule of collisions is found within a few hundred runs, and its seed brings it back",
  async (t) => {
    const { failures } = report(pair, { runs: 300, createRouter: createSelfishRouter });
    const [failure] = failures;
    t.ok(failures.length >= 10, `${failures.length} of 300 runs fail`);
    t.match(failure?.problems[0], /^a collision on r1:eth0 -- r2:eth0 left nothing: /);
    const again = run(pair, { seed: failure?.seed ?? 0, createRouter: createSelfishRouter });
    t.strictSame(again.problems, failure?.problems);
  },
);

/** The problems of runs whose routers are made so. */
function problems(createRouter: (setup: RouterSetup) => Router): string {
  const { failures } = report(pair, { runs: 20, createRouter });
  return failures.flatMap((failure) => failure.problems).join("\n");
}

t.test("a router that does not forward what it knows is found", async (t) => {
  const forward = () => [];
  const found = problems((setup) => new Router({ ...setup, host: override(setup.host, { forward }) }));
  t.match(found, "r1 does not forward 10.0.2.0/24 via fe80::2%100 of its Loc-RIB");
});

t.test("a router that goes on forwarding what it has no route for is found", async (t) => {
  const found = problems((setup) => {
    const { host } = setup;
    const forward: typeof host.forward = (changes) =>
      host.forward(changes.filter(({ via }) => via.length > 0));
    return new Router({ ...setup, host: override(host, { forward }) });
  });
  t.match(found, "r1 still forwards 10.0.2.0/24");
});

t.test("a router that leaves connections open is found", async (t) => {
  const found = problems((setup) => {
    const leaking = (transport: Transport) => override(transport, { close: () => {} });
    const host = override(setup.host, {
      dial: (to, port) => leaking(setup.host.dial(to, port)),
      listen: (port, accept) =>
        setup.host.listen(port, (transport, ifindex) => accept(leaking(transport), ifindex)),
    });
    return new Router({ ...setup, host });
  });
  t.match(found, /r1:eth0 -- r2:eth0 has [2-9] connections, expected 1 with two ends/);
});

t.test("a router that throws, spins or logs an internal error is found", async (t) => {
  t.match(
    problems(() => {
      throw new Error("planted");
    }),
    "Error: planted",
  );
  const spinning = (setup: RouterSetup) => {
    const spin = () => void setup.clock.after(0, spin);
    spin();
    return new Router(setup);
  };
  t.match(problems(spinning), "events in one second of virtual time");
  const complaining = (setup: RouterSetup) => {
    setup.log.write("error", "internal error while planting", () => ({}));
    return new Router(setup);
  };
  t.match(problems(complaining), "r1: internal error while planting");
});

t.test("a lab that cannot converge says what is missing", async (t) => {
  const found = problems((setup) => new Router({ ...setup, config: { ...setup.config, originate: [] } }));
  t.match(found, "r1 has no route to 10.0.1.0/24: it does not originate it");
});

t.test("nodes of other kinds are simulated as speakers, and the report says so", async (t) => {
  const { failures, notes } = report(shippedPlan("pair-with-bird"), { runs: 5 });
  t.strictSame(failures, []);
  t.match(notes, [/^\w+ is simulated as a speaker, not as bird$/]);
});
