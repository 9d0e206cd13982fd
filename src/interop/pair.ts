import { type KindName, kindNames } from "../topology/topology.ts";

/** One of the two that meet. */
export type End = "a" | "b";

/** Two programs that are each other's peers: ours comes first wherever it takes part. */
export type Pair = Readonly<Record<End, KindName>>;

export const otherEnd = { a: "b", b: "a" } as const;

/** As it stands at the head of a column: `speaker – frr`. */
export function formatPair({ a, b }: Pair): string {
  return `${a} – ${b}`;
}

/**
 * The pairs to try: ours with each other kind, or, for all pairs, each with each other.
 *
 * @param chosen kinds other than ours
 */
export function pairsOf(chosen: readonly KindName[], { all }: { all: boolean }): Pair[] {
  const others = kindNames.filter((kind) => kind !== "speaker" && chosen.includes(kind));
  const ours = others.map((b): Pair => ({ a: "speaker", b }));
  const rest = others.flatMap((a, index) => others.slice(index + 1).map((b): Pair => ({ a, b })));
  return all ? [...ours, ...rest] : ours;
}
