import t from "tap";
import { Parser } from "tap-parser";
import { tapReporter } from "../../../src/report/reporters/tap.ts";
import { eventsOf, passed, results } from "./results.ts";

t.test("tap's own parser reads what is told, in strict mode", async (t) => {
  const text = eventsOf([...results.filter(({ outcome }) => outcome !== "interrupted")])
    .flatMap((event) => [...tapReporter(event)])
    .map((line) => `${line}\n`)
    .join("");
  const parser = new Parser({ strict: true });
  const [asserts, subtests]: [unknown[], unknown[]] = [[], []];
  parser.on("assert", (assert) => asserts.push(assert));
  parser.on("child", (child: Parser) => child.on("assert", (assert) => subtests.push(assert)));
  parser.end(text);
  t.strictSame(
    parser.results?.failures.filter((failure) => "tapError" in failure && failure.tapError),
    [],
  );
  t.match(parser.results, { ok: false, count: 7, pass: 3, fail: 4, skip: 1, bailout: false });
  t.match(asserts[2], { ok: false, name: "bad (bad|#1 <&>.yaml)", diag: { outcome: "failed" } });
  t.match(asserts[4], { diag: { findings: [{ message: /no <name> & \]\]>/, hint: "try 100%" }] } });
  t.equal(subtests.length, 14);
  t.match(subtests[7], {
    ok: false,
    diag: { reasons: [/^lab.yaml:11:3: r1 has no route to 10\.0\.2\.0\/24/] },
  });
  t.match(subtests[12], { ok: false, diag: { at: { line: 6, column: 7 } } });
});

t.test("a run that passed is a TAP stream that passed", async (t) => {
  const parser = new Parser({ strict: true });
  for (const line of eventsOf([passed]).flatMap((event) => [...tapReporter(event)]))
    parser.write(`${line}\n`);
  parser.end();
  t.match(parser.results, { ok: true, count: 1, plan: { start: 1, end: 1 } });
});

t.test("an interruption bails out", async (t) => {
  const parser = new Parser();
  for (const line of eventsOf(results).flatMap((event) => [...tapReporter(event)])) parser.write(`${line}\n`);
  parser.end();
  t.equal(parser.results?.bailout, "interrupted");
});
