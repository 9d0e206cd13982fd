import t from "tap";
import { markdownLines, summaryLines } from "../../src/interop/document.ts";
import { matrixFormats, matrixLines } from "../../src/interop/lines.ts";
import type { Matrix, Verdict } from "../../src/interop/result.ts";
import { junitFaults, withoutXmllint } from "../support/junit.ts";

const pass: Verdict = { type: "pass", ms: 1234 };
const limit: Verdict = { type: "cannot", whose: "gobgp", reason: "does not | know it", proof: "its OPEN" };
const fail: Verdict = { type: "fail", reason: "two paths: speaker has 1\nand more" };

const frr = { a: "speaker", b: "frr" } as const;
const gobgp = { a: "speaker", b: "gobgp" } as const;
const strangers = { a: "frr", b: "gobgp" } as const;

const matrix: Matrix = {
  versions: { frr: "8.4.4", gobgp: "3.10.0" },
  cells: [
    { feature: "session", way: null, pair: frr, verdict: pass },
    { feature: "add-path", way: "→", pair: frr, verdict: pass },
    { feature: "add-path", way: "←", pair: frr, verdict: fail },
    { feature: "session", way: null, pair: gobgp, verdict: pass },
    { feature: "add-path", way: "→", pair: gobgp, verdict: limit },
    { feature: "add-path", way: "←", pair: gobgp, verdict: limit },
    { feature: "session", way: null, pair: strangers, verdict: pass },
  ],
  startedAt: "2026-01-29T05:00:00.000Z",
  durationMs: 4321,
};

t.test("a table has a column a pair, limits and failures below, and counts", async (t) => {
  t.strictSame(matrixLines(matrix, "table"), [
    "FEATURE             FRR    GOBGP    FRR – GOBGP",
    "unnumbered session  1.2 s  1.2 s    1.2 s",
    "ADD-PATH →          1.2 s  - gobgp",
    "ADD-PATH ←          FAIL   - gobgp",
    "",
    "What cannot be:",
    "  gobgp, ADD-PATH: does not | know it",
    "",
    "FAIL speaker – frr, ADD-PATH ←: two paths: speaker has 1",
    "",
    "4 pass, 1 fail, 2 cannot of 7 cells, in 4.3 s",
  ]);
});

t.test("Markdown has versions, and no times; others with each other have a table of their own", async (t) => {
  t.strictSame(markdownLines(matrix), [
    "| feature | RFC | frr 8.4.4 | gobgp 3.10.0 |",
    "| --- | --- | --- | --- |",
    "| unnumbered session | RFC 4271 | ✓ | ✓ |",
    "| ADD-PATH → | RFC 7911 | ✓ | [1] |",
    "| ADD-PATH ← | RFC 7911 | ✗ | [1] |",
    "",
    "| feature | RFC | frr – gobgp |",
    "| --- | --- | --- |",
    "| unnumbered session | RFC 4271 | ✓ |",
    "",
    "|  | cannot | what | because it | proof |",
    "| --- | --- | --- | --- | --- |",
    "| [1] | gobgp | ADD-PATH | does not \\| know it | its OPEN |",
    "",
    "✗ speaker – frr, ADD-PATH ←: two paths: speaker has 1",
  ]);
  t.strictSame(matrixLines(matrix, "markdown"), markdownLines(matrix));
  t.strictSame(summaryLines(matrix), [
    "|  | frr 8.4.4 | gobgp 3.10.0 |",
    "| --- | --- | --- |",
    "| proven | 2 | 1 |",
    "| fails | 1 | 0 |",
    "| it cannot | 0 | 2 |",
  ]);
});

t.test("JSON is the matrix itself; JUnit skips what cannot be", async (t) => {
  t.strictSame(JSON.parse(matrixLines(matrix, "json").join("")), matrix);
  const junit = matrixLines(matrix, "junit").join("\n");
  t.match(
    junit,
    '<testsuite name="speaker – gobgp" package="fe80" id="1" timestamp="2026-01-29T05:00:00" hostname="localhost" tests="3" failures="0" errors="0" skipped="2" time="1.234">',
  );
  t.match(junit, '<testcase name="ADD-PATH →" classname="speaker – frr" time="1.234"/>');
  t.match(junit, '<skipped message="gobgp does not | know it: its OPEN"/>');
  t.match(junit, /<failure message="two paths/);
});

t.test("JUnit's XML follows its schema", { skip: withoutXmllint }, async (t) => {
  t.equal(junitFaults(matrixLines(matrix, "junit").join("\n")), "");
});

t.test("a matrix of nothing is one in every format", async (t) => {
  for (const format of matrixFormats) {
    t.ok(matrixLines({ versions: {}, cells: [], startedAt: "", durationMs: 0 }, format).length > 0, format);
  }
});
