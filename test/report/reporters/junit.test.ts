import fc from "fast-check";
import t, { type Test } from "tap";
import type { LabResult } from "../../../src/report/reporters/event.ts";
import { junitReporter } from "../../../src/report/reporters/junit.ts";
import { junitFaults, withoutXmllint } from "../../support/junit.ts";
import { eventsOf, passed, results } from "./results.ts";

function isJunit(t: Test, some: readonly LabResult[]): void {
  const xml = eventsOf(some).flatMap((event) => [...junitReporter(event)]);
  t.equal(junitFaults(xml.join("\n")), "");
}

t.test("JUnit's XML follows its schema, whatever the labs came to", { skip: withoutXmllint }, async (t) => {
  isJunit(t, results);
  isJunit(t, []);
});

t.test("JUnit's XML follows its schema, whatever the texts are", { skip: withoutXmllint }, async (t) => {
  const text = fc.string({ unit: "binary", minLength: 1 });
  const odd = fc.sample(fc.tuple(text, text, text), { numRuns: 100, seed: 8 });
  isJunit(
    t,
    odd.map(([lab, name, reason]) => {
      const checks = [{ name, passed: false, reasons: [reason, name] }];
      return { ...passed, lab: `x${lab}`, outcome: "failed" as const, checks };
    }),
  );
});

t.test("a suite counts its cases by how they ended", async (t) => {
  const lines = eventsOf(results).flatMap((event) => [...junitReporter(event)]);
  const counts = lines.flatMap(
    (line) =>
      /tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/.exec(line)?.slice(1).join() ?? [],
  );
  t.strictSame(counts, [
    "3,0,0,0",
    "3,0,0,0",
    "3,3,0,0",
    "5,2,0,0",
    "1,0,1,0",
    "1,0,1,0",
    "3,3,0,0",
    "1,0,0,1",
  ]);
});
