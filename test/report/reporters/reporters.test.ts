import t from "tap";
import { createReporter, type reporterNames } from "../../../src/report/reporters/reporters.ts";
import { matchesGolden } from "../../support/golden.ts";
import { eventsOf, passed, results } from "./results.ts";

const told = (name: (typeof reporterNames)[number], some = results) => {
  const reporter = createReporter(name, { rows: 2 });
  return eventsOf(some).flatMap((event) => [...reporter(event)]);
};

for (const name of ["human", "tap", "junit", "github", "markdown"] as const) {
  t.test(`${name} tells of labs with every kind of end`, async (t) => {
    matchesGolden(t, `reporters/${name}.txt`, `${told(name).join("\n")}\n`);
  });
}

t.test("people see all of the only lab, even if it passed", async (t) => {
  const lines = told("human", [passed]);
  t.match(lines[0], /^ROUTER +IFNAME/);
  t.equal(lines.at(-1), "seed-pair converged in 184 ms: 2 of 2 sessions Established, 8 of 8 routes");
});

t.test("a check that has nothing to do with convergence is told of, too", async (t) => {
  const check = { name: "it is quick", passed: false, reasons: ["it took 9 s"] };
  const slow = { ...passed, outcome: "failed" as const, checks: [...passed.checks, check] };
  t.match(told("human", [slow]).slice(-2), ["not so: it is quick", "  it took 9 s"]);
  t.match(told("github", [slow]), [/^::error file=.*::not so: it is quick%0Ait took 9 s$/]);
  t.match(told("junit", [slow]).join("\n"), /<failure message="it took 9 s" type="check">/);
});

t.test("JSON is what was found of each lab that was made", async (t) => {
  t.match(JSON.parse(told("json").join("\n")), [
    { name: "seed-pair", converged: true },
    { converged: true },
    { converged: false },
    { converged: false },
  ]);
});

t.test("JSON lines are the events", async (t) => {
  t.strictSame(
    told("jsonl").map((line) => JSON.parse(line)),
    eventsOf(results),
  );
});
