import t from "tap";
import type { Prefix } from "../../src/net/prefix.ts";
import { originateInstead } from "../../src/plan/originate.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { planOf } from "../support/lab-status.ts";

const text = `
name: lab
routers:
  r1: { originate: [10.0.1.0/24, "2001:db8:1::/48"] }
  r2:
  h1: { kind: host, addresses: [10.1.0.10/24] }
links: [r1 -- r2, h1 -- r1]
`;

function change(plan: Plan, type: "announce" | "withdraw", ...prefixes: string[]) {
  const [node] = plan.nodes;
  if (!node) throw new Error("no router");
  return originateInstead(plan, { type, node, prefixes: prefixes as Prefix[] });
}

const expectedBy = ({ expectation }: Plan, router: string) =>
  expectation.routes.filter((route) => route.router === router).map(({ prefix }) => prefix);

t.test("who announces a prefix has an address in it, and nobody is expected to have a route", async (t) => {
  const { node, plan } = change(planOf(text), "announce", "10.9.0.0/16", "10.0.1.0/24");
  const own = ["10.0.1.0/24", "2001:db8:1::/48", "10.1.0.0/24"];
  t.strictSame(new Set(node.router.originate), new Set([...own, "10.9.0.0/16"]));
  t.strictSame(node.loopback, ["10.0.1.1", "2001:db8:1::1", "10.9.0.1"], "none where a link has it");
  t.equal(plan.nodes[0], node);
  t.notOk(expectedBy(plan, "r2").includes("10.0.1.0/24" as Prefix));
  const open = ["10.9.0.0/16", "10.0.1.0/24", "10.9.0.1/32", "10.0.1.1/32"];
  t.strictSame(plan.expectation.openPrefixes, open);
});

t.test("who withdraws a prefix has no address in it any more", async (t) => {
  const once = change(planOf(text), "withdraw", "10.0.1.0/24");
  t.strictSame(once.node.loopback, ["2001:db8:1::1"]);
  const twice = change(once.plan, "withdraw", "2001:db8:1::/48");
  t.strictSame(twice.node.loopback, []);
  t.strictSame(expectedBy(twice.plan, "r2"), ["10.1.0.0/24"]);
  t.equal(twice.plan.expectation.openPrefixes?.length, 4, "of both times");
});
