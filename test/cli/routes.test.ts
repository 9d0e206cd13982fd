import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import type { RouteDetail } from "../../src/bgp/control/route-detail.ts";
import { FakeMachine } from "../lab/fake-machine.ts";
import { bringUp } from "../lab/running.ts";
import { planOf, shippedPlan } from "../support/lab-status.ts";
import { run } from "./run.ts";

const route = {
  prefix: "10.0.1.0/24",
  attributes: { origin: "igp", asPath: [] },
  nextHop: null,
  peer: null,
  pathId: 0,
  state: "best",
  stale: false,
  why: "only route",
  kernel: "connected",
} as unknown as RouteDetail;

t.test("routes prints what a router tells, a prefix in detail", async (t) => {
  const machine = await bringUp(shippedPlan("seed-pair"));
  machine.routeParts = [[route]];
  const { exit, out } = await run(["routes", "seed-pair", "r1"], machine);
  t.equal(exit, 0);
  t.match(out, [/^ +PREFIX /, /^> +10\.0\.1\.0\/24 .* only route +connected$/]);
  const detail = await run(["routes", "seed-pair", "r1", "10.0.1.0/24", "--out", "eth0"], machine);
  t.equal(detail.out[0], "> 10.0.1.0/24 best: only route");
  await run(["routes", "seed-pair", "r1", "--in", "r2", "-f", "json"], machine);
  t.match(machine.queries, [
    { table: "locRib" },
    { table: "adjRibOut" },
    { table: "adjRibIn", session: "eth0" },
  ]);
});

t.test("routes of a text that is no prefix is a mistake in the arguments", async (t) => {
  const machine = await bringUp(shippedPlan("seed-pair"));
  const { exit, err } = await run(["routes", "seed-pair", "r1", "10.0.1.1/24"], machine);
  t.equal(exit, 2);
  t.strictSame(err, ["error: 10.0.1.1/24 is not a prefix", "hint: the prefix is 10.0.1.0/24"]);
  t.equal((await run(["routes", "seed-pair", "r1", "--in", "r2", "--out", "r2"], machine)).exit, 2);
});

/** A machine whose speakers have nothing to tell but that they are there. */
function answering(machine: FakeMachine): FakeMachine {
  machine.converge(planOf(text("accept")));
  return machine;
}

const text = (rule: string) =>
  `name: lab\npolicies: { p: [${rule}] }\nrouters: { r1: { import: p }, r2: }\nlinks: [r1 -- r2]`;

t.test("policy test says which rule decides, policy apply changes a running lab", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "fe80-policy-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "lab.yaml");
  writeFileSync(file, text("{ set: { med: 7 } }"));
  const judged = await run([
    "policy",
    "test",
    file,
    "p",
    "--prefix",
    "10.0.0.0/8",
    "--community",
    "1:2",
    "1:3",
  ]);
  t.equal(judged.exit, 0);
  t.strictSame(judged.out.slice(0, 1), ["10.0.0.0/8 is accepted by p rule 1"]);
  t.equal((await run(["policy", "test", file, "q", "--prefix", "10.0.0.0/8"])).exit, 2);

  const machine = new FakeMachine();
  const before = join(directory, "before.yaml");
  writeFileSync(before, text("accept"));
  t.equal((await run(["up", "-q", "--no-wait", before], answering(machine))).exit, 0);
  machine.effects = ["reimport"];
  t.strictSame((await run(["policy", "apply", file], machine)).out, ["r1 has other policies: reimport"]);
  t.strictSame((await run(["policy", "apply", file], machine)).out, ["no router has other policies"]);
  t.strictSame((await run(["policy", "apply", "-q", file], machine)).out, []);
});
