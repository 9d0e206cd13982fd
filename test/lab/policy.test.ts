import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { readRecord } from "../../src/lab/lab-directory.ts";
import { lockLab } from "../../src/lab/lock.ts";
import { applyPolicies } from "../../src/lab/policy-apply.ts";
import { testPolicy } from "../../src/lab/policy-test.ts";
import { planOf } from "../support/lab-status.ts";
import { bringUp } from "./running.ts";

const text = (import_: string, r2 = "") =>
  [
    "name: lab",
    "policies:",
    "  customers: [{ match: { as-path: ^64513_ }, set: { prepend: 1 } }]",
    `routers: { r1: { import: ${import_} }, r2: { originate: [10.0.0.0/8], ${r2} } }`,
    "links: [{ link: r1 -- r2, sessions: { r2: { export: [{ set: { med: 7 } }] } } }]",
  ].join("\n");
const { signal } = new AbortController();

const directory = mkdtempSync(join(tmpdir(), "fe80-policy-"));
t.teardown(() => rmSync(directory, { recursive: true }));
const file = join(directory, "lab.yaml");
writeFileSync(file, text("customers"));

t.test("a policy of a file judges a route", async (t) => {
  const target = { file, policy: "customers", router: undefined };
  t.match(await testPolicy(target, { prefix: "10.0.0.0/8", asPath: "64513 7" }), {
    policy: "customers",
    before: { origin: "igp", asPath: [{ type: "sequence", asns: [64513, 7] }] },
    verdict: {
      type: "accepted",
      by: "customers rule 1",
      attributes: { asPath: [{ asns: [64512, 64513, 7] }] },
    },
  });
  t.match(await testPolicy(target, { prefix: "10.0.0.0/8" }), { verdict: { type: "rejected" } });
  writeFileSync(
    join(directory, "own.yaml"),
    "name: own\ninclude: [lab.yaml]\nrouters: { r1: { asn: 65001 } }",
  );
  const including = { ...target, file: join(directory, "own.yaml") };
  t.match(await testPolicy(including, { prefix: "10.0.0.0/8", asPath: "64513" }), {
    verdict: { attributes: { asPath: [{ asns: [65001, 64513] }] } },
  });
  const all = await testPolicy(
    { file, policy: "eth0 export", router: "r2" },
    {
      prefix: "10.0.0.0/8",
      origin: "egp",
      med: "1",
      localPref: "2",
      community: ["1:2"],
      largeCommunity: ["1:2:3"],
      extCommunity: ["rt:1:2"],
      nextHop: "fe80::1",
      from: "eth0",
    },
  );
  t.strictSame(all.before, {
    origin: "egp",
    asPath: [],
    med: 1,
    localPref: 2,
    communities: [0x1_0002],
    largeCommunities: [[1, 2, 3]],
    extendedCommunities: ["0002000100000002"],
  });
  t.match(all.verdict, { type: "accepted", attributes: { med: 7 }, by: "eth0 export rule 1" });
});

t.test("what is no route, policy or router is told", async (t) => {
  const target = { file, policy: "customers", router: undefined };
  const wrong = (route: object) => testPolicy(target, { prefix: "10.0.0.0/8", ...route });
  const invalid = (message: string) => ({ code: "ARGUMENT_INVALID", message });
  await t.rejects(wrong({ prefix: "10.0.0.1/8" }), invalid('"10.0.0.1/8" has bits set beyond its length'));
  await t.rejects(wrong({ asPath: "1 x" }), invalid('"1 x" is not an AS path'));
  await t.rejects(wrong({ med: "x" }), { code: "ARGUMENT_INVALID" });
  await t.rejects(wrong({ community: ["x"] }), invalid('"x" is not a community'));
  await t.rejects(wrong({ nextHop: "10.0.0.1" }), invalid('"10.0.0.1" is not a next hop'));
  await t.rejects(testPolicy({ ...target, policy: "x" }, { prefix: "10.0.0.0/8" }), {
    code: "POLICY_UNKNOWN",
    hint: "there are customers",
  });
  await t.rejects(testPolicy({ ...target, router: "r9" }, { prefix: "10.0.0.0/8" }), {
    code: "ROUTER_UNKNOWN",
  });
});

t.test("a running lab gets other policies, router by router, and expects what follows", async (t) => {
  const machine = await bringUp(planOf(text("customers")));
  machine.effects = ["reimport"];
  const plan = planOf(text("[reject]"));
  t.strictSame(await applyPolicies({ plan, lab: undefined }, { signal }, machine.environment), [
    { router: "r1", effects: ["reimport"] },
  ]);
  t.strictSame(machine.commands, [{ type: "reconfigure", router: "r1", config: plan.nodes[0]?.router }]);
  const record = await readRecord("lab", machine.environment);
  t.strictSame(record.plan.expectation.routes, plan.expectation.routes);
  t.strictSame(await applyPolicies({ plan, lab: "lab" }, { signal }, machine.environment), []);
});

t.test("a file that differs in more than policies changes nothing", async (t) => {
  const machine = await bringUp(planOf(text("customers")));
  const apply = (changed: string) =>
    applyPolicies({ plan: planOf(changed), lab: "lab" }, { signal }, machine.environment);
  await t.rejects(apply(text("~", "asn: 7")), {
    code: "LAB_DIFFERS",
    message: "the file differs from the running lab in more than policies: what it says of r1, r2",
  });
  await t.rejects(apply(text("~").replace("link: r1 -- r2,", "link: r1 -- r2, mtu: 1500,")), {
    message: "the file differs from the running lab in more than policies: its links",
  });
  t.strictSame(machine.commands, []);
});

t.test("policies wait their turn, and keep to routers over as many processes as before", async (t) => {
  const machine = await bringUp(planOf(text("customers")), { isolate: true });
  const plan = planOf(text("[reject]"));
  const apply = () => applyPolicies({ plan, lab: undefined }, { signal }, machine.environment);
  const lock = lockLab({ lab: "lab", command: "link" }, machine.environment.directories);
  await t.rejects(apply(), { code: "LAB_LOCKED" });
  t.strictSame(machine.commands, []);
  lock[Symbol.dispose]();
  t.match(await apply(), [{ router: "r1" }]);
  t.equal((await readRecord("lab", machine.environment)).processes, "isolated");
});
