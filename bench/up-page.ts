/** What was measured of a lab: cells of a row, the lab's name first, and where its time goes. */
export interface Measured {
  readonly row: readonly string[];
  readonly stages: string;
}

const [begin, end] = ["<!-- measured by bench/up.ts -->", "<!-- end -->"];

/**
 * A page with what was measured in it, and what it says of labs that were not measured now left as it is.
 *
 * @param options `order` of the labs, `note` above the table
 */
export function withMeasured(
  page: string,
  measured: readonly Measured[],
  { head, order, note }: { head: readonly string[]; order: readonly string[]; note: string },
): string {
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  const old = page.slice(from, to).split("\n");
  const [rows, stages] = [/^\| (\S+) \| \d/, /^- (\S+): /].map((line) => linesByLab(old, line));
  for (const { row, stages: words } of measured) {
    const [lab = ""] = row;
    rows?.set(lab, line(row));
    stages?.set(lab, `- ${words}`);
  }
  const inOrder = (lines: ReadonlyMap<string, string> | undefined) =>
    order.flatMap((lab) => lines?.get(lab) ?? []);
  const table = [line(head), line(head.map(() => "---")), ...inOrder(rows)];
  const text = [note, "", ...table, "", "Where the time goes:", "", ...inOrder(stages)];
  return `${page.slice(0, from)}\n\n${text.join("\n")}\n\n${page.slice(to)}`;
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
