import { readFileSync, writeFileSync } from "node:fs";
import t from "tap";
import { markdownLines, summaryLines } from "../../src/interop/document.ts";
import type { Matrix } from "../../src/interop/result.ts";
import { fe80 } from "../e2e/command.ts";

// The daemons are not optional: `make daemons` installs them. `GOLDEN=write` records what is found, and writes it into the
// documents.

const recording = "test/interop/recorded.json";

const isWriting = process.env["GOLDEN"] === "write";

const recorded = () => JSON.parse(readFileSync(recording, "utf8")) as Matrix;

/** What came of each cell, without how long it took. */
const outcomes = ({ cells }: Matrix) =>
  cells.map(({ feature, way, pair, verdict }) => {
    const what = [feature, way].filter(Boolean).join(" ");
    return `${pair.b} ${what}: ${verdict.type === "fail" ? verdict.reason : verdict.type}`;
  });

t.setTimeout(300_000);

t.test("ours does with every other kind what that one can do", { timeout: 300_000 }, async (t) => {
  const { exit, stdout, stderr } = await fe80("interop", "-f", "json", "--quiet");
  t.equal(exit, 0, stderr);
  const found = JSON.parse(stdout) as Matrix;
  if (isWriting) writeFileSync(recording, stdout);
  t.strictSame(outcomes(found), outcomes(recorded()), "as it was recorded");
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
