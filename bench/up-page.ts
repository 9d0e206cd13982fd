/** What was measured of a lab: cells of a row, the lab's name first, and where its time goes. */
export interface Measured {
  readonly row: readonly string[];
  readonly stages: string;
}

/**
 * Lines of docs/benchmarks.md with what was measured in them, and what they say of labs that were not measured now left as it is.
 *
 * @param options `order` of the labs, `note` above the table
 */
export function withMeasured(
  before: readonly string[],
  measured: readonly Measured[],
  { head, order, note }: { head: readonly string[]; order: readonly string[]; note: string },
): string[] {
  const rows = linesByLab(before, /^\| (\S+) \| \d/);
  const stages = linesByLab(before, /^- (\S+): /);
  for (const { row, stages: words } of measured) {
    const [lab = ""] = row;
    rows.set(lab, line(row));
    stages.set(lab, `- ${words}`);
  }
  const inOrder = (lines: ReadonlyMap<string, string>) => order.flatMap((lab) => lines.get(lab) ?? []);
  const table = [line(head), line(head.map(() => "---")), ...inOrder(rows)];
  return [note, "", ...table, "", "Where the time goes:", "", ...inOrder(stages)];
}

const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** @param pattern its group is the lab's name */
function linesByLab(lines: readonly string[], pattern: RegExp): Map<string, string> {
  return new Map(
    lines.flatMap((each) => {
      const [, lab] = pattern.exec(each) ?? [];
      return lab === undefined ? [] : [[lab, each] as const];
    }),
  );
}
