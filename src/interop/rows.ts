import { type FeatureName, featureNames, features, type Way, waysOf } from "./feature.ts";
import { formatPair, type Pair } from "./pair.ts";
import type { Matrix, Verdict } from "./result.ts";

/** A feature in one direction, and what came of it between each pair. */
export interface Row {
  readonly feature: FeatureName;
  readonly way: Way | null;
  /** `ADD-PATH →` */
  readonly title: string;
  /** In the order of the pairs; undefined where it was not tried. */
  readonly verdicts: readonly (Verdict | undefined)[];
}

/** A matrix as rows of features and columns of pairs. */
export function rowsOf({ cells }: Pick<Matrix, "cells">): {
  /** Each is a pair; ours is not named where it comes first. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
} {
  const pairs = [...new Map(cells.map(({ pair }) => [formatPair(pair), pair])).values()];
  const rows = featureNames.flatMap((feature) =>
    waysOf(features[feature]).map(({ way }): Row => {
      const own = cells.filter((cell) => cell.feature === feature && cell.way === way);
      const verdicts = pairs.map((pair) => own.find((cell) => isSame(cell.pair, pair))?.verdict);
      const { title } = features[feature];
      return { feature, way, title: way === null ? title : `${title} ${way}`, verdicts };
    }),
  );
  const columns = pairs.map(({ a, b }) => (a === "speaker" ? b : `${a} – ${b}`));
  return { columns, rows: rows.filter(({ verdicts }) => verdicts.some((each) => each !== undefined)) };
}

function isSame(one: Pair, other: Pair): boolean {
  return one.a === other.a && one.b === other.b;
}

/** Each limit once, with what it keeps from being: a program, and titles. */
export function limitsIn({ cells }: Pick<Matrix, "cells">): LimitRow[] {
  const rows = new Map<string, LimitRow>();
  for (const { feature, verdict } of cells) {
    if (verdict.type !== "cannot") continue;
    const { whose, reason, proof } = verdict;
    const key = [whose, reason].join(" ");
    const titles = new Set([...(rows.get(key)?.titles ?? []), features[feature].title]);
    rows.set(key, { whose, reason, proof, titles: [...titles] });
  }
  return [...rows.values()].toSorted((a, b) => a.whose.localeCompare(b.whose));
}

export interface LimitRow {
  readonly whose: string;
  readonly titles: readonly string[];
  readonly reason: string;
  readonly proof: string;
}

/** What has failed, as sentences without their end. */
export function failuresIn({ cells }: Pick<Matrix, "cells">): string[] {
  return cells.flatMap(({ feature, way, pair, verdict }) => {
    if (verdict.type !== "fail") return [];
    const title = [features[feature].title, way].filter(Boolean).join(" ");
    return [`${formatPair(pair)}, ${title}: ${verdict.reason.split("\n")[0]}`];
  });
}
