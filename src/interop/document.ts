import { features } from "./feature.ts";
import type { Matrix, Verdict } from "./result.ts";
import { failuresIn, limitsIn, rowsOf } from "./rows.ts";

/** A matrix as Markdown, without times, which are those of one machine: ours with others, others with each other, and limits. */
export function markdownLines(matrix: Matrix): string[] {
  const limits = limitsIn(matrix);
  const mark = (verdict: Verdict | undefined) => {
    if (verdict?.type === "pass") return "✓";
    if (verdict?.type === "fail") return "✗";
    if (verdict === undefined) return "";
    const { whose, reason } = verdict;
    return `[${limits.findIndex((limit) => limit.whose === whose && limit.reason === reason) + 1}]`;
  };
  const cells = [oursIn(matrix), matrix.cells.filter(({ pair }) => pair.a !== "speaker")];
  const tables = cells.filter(({ length }) => length > 0).map((own) => rowsOf({ cells: own }));
  return [
    ...tables.flatMap(({ columns, rows }) => [
      ...markdownTable(
        ["feature", "RFC", ...columns.map((column) => named(column, matrix))],
        rows.map(({ feature, title, verdicts }) => [title, features[feature].spec, ...verdicts.map(mark)]),
      ),
      "",
    ]),
    ...markdownTable(
      ["", "cannot", "what", "because it", "proof"],
      limits.map(({ whose, titles, reason, proof }, index) => [
        `[${index + 1}]`,
        whose,
        titles.join(", "),
        reason,
        proof,
      ]),
    ),
    ...failuresIn(matrix).flatMap((failure) => ["", `✗ ${failure}`]),
  ];
}

/** What was tried with ours. */
function oursIn({ cells }: Matrix): Matrix["cells"] {
  return cells.filter(({ pair }) => pair.a === "speaker");
}

/** How many features ours has with each other program, as Markdown. */
export function summaryLines(matrix: Matrix): string[] {
  const { columns, rows } = rowsOf({ cells: oursIn(matrix) });
  const count = (column: number, type: Verdict["type"]) =>
    `${rows.filter(({ verdicts }) => verdicts[column]?.type === type).length}`;
  const line = (title: string, type: Verdict["type"]) => [
    title,
    ...columns.map((_, column) => count(column, type)),
  ];
  return markdownTable(
    ["", ...columns.map((column) => named(column, matrix))],
    [line("proven", "pass"), line("fails", "fail"), line("it cannot", "cannot")],
  );
}

/** With its version where there is only one program in it. */
function named(column: string, { versions }: Matrix): string {
  const version = Object.entries(versions).find(([kind]) => kind === column)?.[1];
  return version === undefined ? column : `${column} ${version}`;
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
