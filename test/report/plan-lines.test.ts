import t from "tap";
import { parse } from "yaml";
import type { PlanDescription } from "../../src/report/plan-description.ts";
import { planLines, planSummary } from "../../src/report/plan-lines.ts";
import { shippedPlan } from "../support/lab-status.ts";

const description: PlanDescription = { ...shippedPlan("ring-6"), processes: [] };

t.test("a plan for programs is whole, in JSON and in YAML", async (t) => {
  const json = planLines(description, { format: "json", rows: 1 }).join("\n");
  t.strictSame(JSON.parse(json), description);
  t.strictSame(parse(planLines(description, { format: "yaml", rows: 1 }).join("\n")), description);
});

t.test("of a long table for people the first rows are printed, and the others counted", async (t) => {
  const lines = planLines(description, { format: "table", rows: 3 });
  for (const more of ["3 more routers", "9 more interfaces", "9 more sessions", "69 more routes"]) {
    t.ok(lines.includes(`... and ${more}`), more);
  }
});

t.test("a plan is told in one line", async (t) => {
  t.equal(
    planSummary(shippedPlan("seed-pair")),
    "seed-pair is a valid topology: 2 routers, 1 link; expects 2 sessions and 8 routes",
  );
});
