import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { markdownLines, summaryLines } from "../../src/interop/document.ts";
import { formatPair, pairsOf } from "../../src/interop/pair.ts";
import type { Matrix } from "../../src/interop/result.ts";
import { kindNames } from "../../src/topology/topology.ts";
import { fe80 } from "../e2e/command.ts";
import { junitFaults } from "../support/junit.ts";

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

t.test("a failure leaves both logs, what was said, and the packets", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "fe80-interop-"));
  const path = process.env["PATH"];
  t.teardown(() => {
    process.env["PATH"] = path;
    rmSync(directory, { recursive: true });
  });
  // Planted: without it, silence is nothing to prove.
  writeFileSync(join(directory, "nft"), "#!/bin/sh\necho planted >&2; exit 1\n", { mode: 0o755 });
  process.env["PATH"] = `${directory}:${path}`;
  const kept = join(directory, "failures");
  const what = ["--kinds", "bird", "--features", "hold-3,md5"];
  const { exit, stdout, stderr } = await fe80("interop", ...what, "--keep-failures", kept, "-f", "junit");
  t.equal(exit, 1);
  t.equal(junitFaults(stdout), "");
  t.match(stdout, /tests="2" failures="1" errors="0" skipped="0"/);
  t.match(stderr, "speaker with bird: hold-3 failed: nft: planted");
  t.strictSame(readdirSync(kept), ["speaker-bird-hold-3"]);
  const text = (name: string) => readFileSync(join(kept, "speaker-bird-hold-3", name), "utf8");
  t.equal(text("reason.txt"), "nft: planted\n");
  t.match(text("a.log"), /"router":"a-hold-3".*established/);
  t.match(text("b.log"), /^session_0 +BGP .*Established/m);
  t.match(text("messages.txt"), /^a \d+ Open \[.*\n(.*\n)*b \d+ Keepalive$/m);
  const { stdout: packets } = spawnSync("tcpdump", ["-nr", join(kept, "speaker-bird-hold-3", "link.pcapng")]);
  t.match(`${packets}`, /\.179: Flags \[S\]/);
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
