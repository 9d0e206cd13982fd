import t from "tap";
import { Parser } from "tap-parser";
import { stepChecks } from "../../../src/report/reporters/checks-of.ts";
import type { LabResult, TestEvent } from "../../../src/report/reporters/event.ts";
import { createReporter, type ReporterName } from "../../../src/report/reporters/reporters.ts";
import { failedStep, passedStep } from "../steps.ts";
import { eventsOf, passed } from "./results.ts";

const steps = [passedStep, failedStep];
const stepped: LabResult = {
  ...passed,
  outcome: "failed",
  checks: [...passed.checks, ...stepChecks(steps)],
  steps,
};
const lab = { file: passed.file, lab: passed.lab };
const events: TestEvent[] = [
  ...steps.map((step): TestEvent => ({ type: "step", lab, step })),
  ...eventsOf([stepped]),
];

const told = (name: ReporterName): string => {
  const reporter = createReporter(name, { rows: 10 });
  return events.flatMap((event) => [...reporter(event)]).join("\n");
};

t.test("people are told of each step as it ends, and at the end what was wrong", async (t) => {
  const [first, second] = told("human").split("\n");
  t.match(first, /^seed-pair: ok {4}kill spine1: detected after 2 ms/);
  t.match(second, /^seed-pair: FAIL {2}chaos: pause r1: not so after 500 ms/);
  t.match(told("human"), "\nnot so: step 2: chaos: pause r1\n  r2:eth0 is Established, expected down\n");
});

t.test("TAP has a test a step, with its time and place", async (t) => {
  const parser = new Parser({ strict: true });
  const found: unknown[] = [];
  parser.on("child", (child: Parser) => child.on("assert", (assert) => found.push(assert)));
  parser.end(`${told("tap")}\n`);
  t.match(found.slice(-2), [
    { ok: true, name: "step 1: kill spine1", time: 112 },
    { ok: false, name: "step 2: chaos: pause r1", time: 500, diag: { at: passedStep.place } },
  ]);
});

t.test("JUnit has a case a step, with its time", async (t) => {
  t.match(told("junit"), '<testcase name="step 1: kill spine1" classname="seed-pair" time="0.112"/>');
  t.match(told("junit"), '<testcase name="step 2: chaos: pause r1" classname="seed-pair" time="0.500">');
});

t.test("lines of JSON have a step as it ends, and all of them with its lab", async (t) => {
  const lines = told("jsonl")
    .split("\n")
    .map((line) => JSON.parse(line));
  t.strictSame(lines[0], { type: "step", lab, step: passedStep });
  t.strictSame(lines.find(({ type }) => type === "lab").result.steps, steps);
});

t.test("an annotation is at the step that failed", async (t) => {
  t.match(
    told("github"),
    /^::error file=labs\/seed-pair\.yaml,line=7,col=5,title=fe80::not so: step 2: chaos: pause r1%0A/,
  );
});

t.test("a summary in Markdown has a table of the steps", async (t) => {
  t.match(told("markdown"), "| seed-pair | kill spine1 | ✅ passed | 2 ms | 9 ms | 110 ms | 3 of 22 |");
  t.match(told("markdown"), "| seed-pair | chaos: pause r1 | ❌ failed | 2 ms |  |  |  |");
});
