import { columns } from "./columns.ts";
import { count } from "./count.ts";

/** How many rows of each table to print, all unless given; what is left out is counted. */
export interface Limit {
  readonly rows?: number;
}

/** Aligned columns below their heads. @param options `untold` rows are counted and not there */
export function table(
  head: readonly string[],
  rows: readonly string[][],
  {
    rows: limit = rows.length,
    noun,
    untold = 0,
  }: Limit & { readonly noun: string; readonly untold?: number },
): string[] {
  const left = Math.max(0, rows.length - limit) + untold;
  const more = left > 0 ? [`... and ${count(left, `more ${noun}`)}`] : [];
  return [...columns([head, ...rows.slice(0, limit)]), ...more];
}
