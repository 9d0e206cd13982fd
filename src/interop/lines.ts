import { count } from "../report/count.ts";
import { junitSuite } from "../report/junit-suite.ts";
import { seconds } from "../report/reporters/tally.ts";
import { table } from "../report/table.ts";
import { element, type XmlElement, xmlLines } from "../report/xml.ts";
import { unreachable } from "../std/errors.ts";
import { markdownLines } from "./document.ts";
import { features } from "./feature.ts";
import { formatPair } from "./pair.ts";
import type { Cell, Matrix, Verdict } from "./result.ts";
import { failuresIn, limitsIn, rowsOf } from "./rows.ts";

export const matrixFormats = ["table", "markdown", "json", "junit"] as const;

export type MatrixFormat = (typeof matrixFormats)[number];

/** A matrix for a terminal, a document, a program or a CI system. */
export function matrixLines(matrix: Matrix, format: MatrixFormat): string[] {
  switch (format) {
    case "table":
      return tableLines(matrix);
    case "markdown":
      return markdownLines(matrix);
    case "json":
      return [JSON.stringify(matrix)];
    case "junit":
      return junitLines(matrix);
    default:
      return unreachable(format);
  }
}

function tableLines(matrix: Matrix): string[] {
  const { columns, rows } = rowsOf(matrix);
  const head = ["FEATURE", ...columns.map((column) => column.toUpperCase())];
  const body = rows.map(({ title, verdicts }) => [title, ...verdicts.map(word)]);
  const limits = limitsIn(matrix).map(
    ({ whose, titles, reason }) => `${whose}, ${titles.join(", ")}: ${reason}`,
  );
  const failures = failuresIn(matrix).map((failure) => `FAIL ${failure}`);
  const numbers = (["pass", "fail", "cannot"] as const).map((type) => {
    const found = matrix.cells.filter(({ verdict }) => verdict.type === type).length;
    return `${found} ${type}`;
  });
  return [
    ...table(head, body, { noun: "features" }),
    ...(limits.length > 0 ? ["", "What cannot be:", ...limits.map((limit) => `  ${limit}`)] : []),
    ...(failures.length > 0 ? ["", ...failures] : []),
    "",
    `${numbers.join(", ")} of ${count(matrix.cells.length, "cell")}, in ${(matrix.durationMs / 1000).toFixed(1)} s`,
  ];
}

function word(verdict: Verdict | undefined): string {
  switch (verdict?.type) {
    case "pass":
      return `${(verdict.ms / 1000).toFixed(1)} s`;
    case "fail":
      return "FAIL";
    case "cannot":
      return `- ${verdict.whose}`;
    default:
      return "";
  }
}

/** A suite a pair, a case a feature; what cannot be is skipped. */
function junitLines({ cells, startedAt, versions }: Matrix): string[] {
  const byPair = Map.groupBy(cells, ({ pair }) => formatPair(pair));
  const suites = [...byPair].map(([name, own], id) => {
    const durationMs = own.reduce((sum, { verdict }) => sum + msOf(verdict), 0);
    const head = { name, id, startedAt, durationMs, properties: versions };
    return junitSuite(
      head,
      own.map((cell) => testCase(name, cell)),
    );
  });
  return xmlLines(element("testsuites", {}, suites));
}

function msOf(verdict: Verdict): number {
  return verdict.type === "pass" ? verdict.ms : 0;
}

function testCase(classname: string, { feature, way, verdict }: Cell): XmlElement {
  const name = [features[feature].title, way].filter(Boolean).join(" ");
  const attributes = { name, classname, time: seconds(msOf(verdict)) };
  if (verdict.type === "pass") return element("testcase", attributes);
  if (verdict.type === "fail") {
    const inside = element("failure", { message: verdict.reason, type: "interop" }, verdict.reason);
    return element("testcase", attributes, [inside]);
  }
  const message = `${verdict.whose} ${verdict.reason}: ${verdict.proof}`;
  return element("testcase", attributes, [element("skipped", { message })]);
}
