import type { Case, Result } from "./case.ts";

/** What one daemon did, or why it did not. */
export interface Row {
  readonly name: string;
  readonly result: Result | undefined;
  readonly error: string | undefined;
}

const COLUMNS = [
  "daemon",
  "s",
  "× BIRD",
  "× FRR",
  "withdrawn, s",
  "CPU, s",
  "peak, MB",
  "longest without keepalive, s",
];

/** What several daemons did in one case, as a table of Markdown, with the ratios of their times. */
export function table(rows: readonly Row[]): string {
  const base = (name: string) => rows.find((row) => row.name === name)?.result?.seconds;
  const [bird, frr] = [base("BIRD"), base("FRR")];
  const lines = rows.map(({ name, result, error }) => {
    if (!result) return [name, error ?? "", ...COLUMNS.slice(2).map(() => "")];
    const { seconds, withdrawalSeconds, cpuSeconds, peakMegabytes, keepaliveGapSeconds } = result;
    return [
      name,
      fixed(seconds, 2),
      fixed(bird && seconds / bird, 2),
      fixed(frr && seconds / frr, 2),
      fixed(withdrawalSeconds, 2),
      fixed(cpuSeconds, 2),
      fixed(peakMegabytes, 0),
      fixed(keepaliveGapSeconds, 1),
    ];
  });
  const rule = COLUMNS.map((_, index) => (index === 0 ? "---" : "---:"));
  return [COLUMNS, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** What is measured, as a heading. */
export function title({ count, set, sinks, kernel }: Omit<Case, "daemon">): string {
  const prefixes = `${count.toLocaleString("en-US")} prefixes`;
  const attributes = set === "same" ? "one attribute set" : "an AS path for every 8";
  const where = sinks === 0 ? "received" : `through to ${sinks} ${sinks === 1 ? "peer" : "peers"}`;
  return `${prefixes}, ${attributes}, ${where}${kernel ? ", in the kernel" : ""}`;
}

function fixed(value: number | undefined, digits: number): string {
  return value === undefined ? "–" : value.toFixed(digits);
}
