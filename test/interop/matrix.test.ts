import { readFileSync, writeFileSync } from "node:fs";
import t from "tap";
import { markdownLines, summaryLines } from "../../src/interop/document.ts";
import { formatPair, pairsOf } from "../../src/interop/pair.ts";
import type { Matrix } from "../../src/interop/result.ts";
import { kindNames } from "../../src/topology/topology.ts";
import { fe80 } from "../e2e/command.ts";

// The daemons are not optional: `make daemons` installs them. `GOLDEN=write` tries all pairs, which takes minutes, records what is
// found, and writes it into the documents.

const recording = "test/interop/recorded.json";

const isWriting = process.env["GOLDEN"] === "write";

const recorded = () => JSON.parse(readFileSync(recording, "utf8")) as Matrix;

/** What came of each cell of ours, without how long it took. */
const outcomes = ({ cells }: Matrix) =>
  cells
    .filter(({ pair }) => pair.a === "speaker")
    .map(({ feature, way, pair, verdict }) => {
      const what = [feature, way].filter(Boolean).join(" ");
      return `${pair.b} ${what}: ${verdict.type === "fail" ? verdict.reason : verdict.type}`;
    });

const timeout = isWriting ? 1_200_000 : 300_000;

t.setTimeout(timeout);

t.test("ours does with every other kind what that one can do", { timeout }, async (t) => {
  const pairs = isWriting ? ["--all-pairs"] : [];
  const { exit, stdout, stderr } = await fe80("interop", ...pairs, "-f", "json", "--quiet");
  t.equal(exit, 0, stderr);
  const found = JSON.parse(stdout) as Matrix;
  if (isWriting) writeFileSync(recording, stdout);
  t.strictSame(outcomes(found), outcomes(recorded()), "as it was recorded");
});

t.test("every pair was tried, and what has failed is explained: it cannot be", async (t) => {
  const { cells } = recorded();
  const pairs = new Set(cells.map(({ pair }) => formatPair(pair)));
  t.strictSame([...pairs], pairsOf(kindNames, { all: true }).map(formatPair));
  t.strictSame(
    cells.filter(({ verdict }) => verdict.type === "fail"),
    [],
  );
});

/** What stands between two marks. */
const between = /(<!-- matrix -->\n\n)(.*?)(\n\n<!-- end -->)/s;

for (const [document, lines] of [
  ["docs/interop.md", markdownLines],
  ["README.md", summaryLines],
] as const) {
  t.test(`${document} has what was recorded`, async (t) => {
    const wanted = lines(recorded()).join("\n");
    const text = readFileSync(document, "utf8");
    if (isWriting)
      writeFileSync(
        document,
        text.replace(between, (_, head, __, tail) => `${head}${wanted}${tail}`),
      );
    t.equal(between.exec(readFileSync(document, "utf8"))?.[2], wanted);
  });
}
