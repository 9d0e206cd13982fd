/** The candidate that a misspelt word was most likely meant to be; undefined if none is close. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const target = normalize(word);
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const other = normalize(candidate);
    const limit = Math.min(best ? best.distance - 1 : Number.POSITIVE_INFINITY, allowance(other));
    if (Math.abs(other.length - target.length) > limit) continue;
    const distance = editDistance(target, other);
    if (distance <= limit) best = { candidate, distance };
  }
  return best?.candidate;
}

/** `routerId`, `router_id` and `Router-ID` are spellings of one word. */
function normalize(word: string): string {
  return word.slice(0, 80).replace(/[-_]/g, "").toLowerCase();
}

/** How many typing mistakes a word of this length may have: one more makes another word of it. */
function allowance({ length }: string): number {
  if (length <= 2) return 0;
  return length <= 5 ? 1 : Math.floor(length / 3);
}

/** Insertions, deletions, replacements and swaps of neighbors (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;
