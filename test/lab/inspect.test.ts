import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ControlError } from "../../src/bgp/control/client.ts";
import { InterruptedError } from "../../src/lab/errors.ts";
import { inspect } from "../../src/lab/inspect.ts";
import { compile } from "../../src/plan/compile.ts";
import { parseTopology } from "../../src/topology/parse.ts";
import { perfectStatus, shippedPlan } from "../support/lab-status.ts";
import { FakeMachine } from "./fake-machine.ts";
import { bringUp } from "./running.ts";

const pair = shippedPlan("seed-pair");
const { signal } = new AbortController();

t.test("a running lab is asked afresh, from what up wrote down", async (t) => {
  const machine = await bringUp(pair);
  const report = await inspect("seed-pair", { signal }, machine.environment);
  t.match(report, { name: "seed-pair", converged: true, convergedAfterMs: null });
  t.equal(report.routes.length, 8);
});

t.test("a lab need not be named while it is the only one", async (t) => {
  const machine = await bringUp(pair);
  t.equal((await inspect(undefined, { signal }, machine.environment)).name, "seed-pair");
  machine.running.set("other", { name: "other", routers: [] });
  await t.rejects(inspect(undefined, { signal }, machine.environment), {
    code: "LAB_NAME_INVALID",
    hint: "running: seed-pair, other",
  });
});

t.test("a lab may be named by its file", async (t) => {
  const machine = await bringUp(pair);
  const report = await inspect("topologies/seed-pair.yaml", { signal }, machine.environment);
  t.equal(report.name, "seed-pair");
});

/** So many that a lab of them has two speakers, of 32 and 33 routers. */
const manyRouters = `name: many\nrouters: [${Array.from({ length: 65 }, (_, index) => `r${index + 1}`)}]\nlinks: [r1 -- r33, r33 -- r65]\n`;

t.test("daemons that have died are told of, and the others are asked", async (t) => {
  const plan = compile(parseTopology({ file: "x", text: manyRouters }), {
    netnsDirectory: "/n",
    runDirectory: "/r",
  });
  const machine = await bringUp(plan, { processes: 2 });
  const { routers, sessions, routes } = perfectStatus(plan);
  const alive = <T extends { router: string }>(list: readonly T[]) =>
    list.filter(({ router }) => Number(router.slice(1)) > 32);
  machine.events = (socket) => {
    if (socket.endsWith("speaker-1.sock")) throw new ControlError("ECONNREFUSED");
    return [{ type: "status", routers: alive(routers), sessions: alive(sessions), routes: alive(routes) }];
  };
  const report = await inspect("many", { signal }, machine.environment);
  t.equal(report.converged, false);
  t.strictSame(
    report.problems.map(({ reason }) => reason),
    Array.from({ length: 32 }, (_, index) => `r${index + 1} does not answer: ECONNREFUSED`),
  );
  t.equal(report.sessions.length, alive(sessions).length);
});

t.test(
  "routes are asked for until there are enough, and never so many that they fill the memory",
  async (t) => {
    const text = "name: large\nrouters: [r1, r2, r3]\nlinks: [r1 -- r2, r2 -- r3]\n";
    const plan = compile(parseTopology({ file: "x", text }), { netnsDirectory: "/n", runDirectory: "/r" });
    const machine = await bringUp(plan);
    const { routers, sessions } = perfectStatus(plan);
    const digested = routers.map((router) => ({
      ...router,
      routeCount: 60_000,
      digest: "0",
      changeCount: 1,
    }));
    machine.events = () => [{ type: "status", routers: digested, sessions, routes: [] }];
    await inspect("large", { signal }, machine.environment);
    t.strictSame(machine.askedForRoutes.splice(0), ["r1", "r2"]);
    await inspect("large", { routes: 1000, signal }, machine.environment);
    t.strictSame(machine.askedForRoutes.splice(0), ["r1"]);
  },
);

t.test("a namespace that somebody has deleted is told of", async (t) => {
  const machine = await bringUp(pair);
  machine.running.set("seed-pair", { name: "seed-pair", routers: ["r1"] });
  const report = await inspect("seed-pair", { signal }, machine.environment);
  t.equal(report.converged, false);
  t.match(report.problems, [{ reason: "r2 does not answer: its namespace fe80.seed-pair.r2 is gone" }]);
});

t.test("a daemon that does not answer in time is told of", async (t) => {
  const machine = await bringUp(pair);
  machine.onRead = (signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  const report = await inspect("seed-pair", { signal }, machine.environment);
  t.match(report.problems, [{ reason: "r1 does not answer: speaker-1 has not answered within 2000 ms" }, {}]);
});

t.test("an interruption ends it", async (t) => {
  const machine = await bringUp(pair);
  const root = new AbortController();
  machine.onRead = async () => {
    root.abort(new InterruptedError("SIGINT"));
    throw new ControlError("aborted");
  };
  await t.rejects(inspect("seed-pair", { signal: root.signal }, machine.environment), {
    code: "INTERRUPTED",
  });
});

t.test("a lab that is not running is an error that lists those that are", async (t) => {
  const machine = new FakeMachine();
  await t.rejects(inspect("seed-pair", { signal }, machine.environment), {
    code: "LAB_NOT_RUNNING",
    hint: "no lab is running: fe80 up FILE",
  });
  machine.running.set("other", { name: "other", routers: [] });
  await t.rejects(inspect("seed-pair", { signal }, machine.environment), {
    code: "LAB_NOT_RUNNING",
    hint: "running: other",
  });
  await t.rejects(inspect("a b", { signal }, machine.environment), { code: "LAB_NAME_INVALID" });
});

t.test("a lab whose up was killed before it wrote its plan can only be taken down", async (t) => {
  const machine = new FakeMachine();
  machine.running.set("seed-pair", { name: "seed-pair", routers: ["r1"] });
  const expected = { code: "LAB_INCOMPLETE", hint: /fe80 down seed-pair/ };
  await t.rejects(inspect("seed-pair", { signal }, machine.environment), expected);
  const directory = join(machine.environment.directories.run, "seed-pair");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "plan.json"), '{"plan":');
  await t.rejects(inspect("seed-pair", { signal }, machine.environment), expected);
});
