/** Shorter lists are not worth a look. */
const SHORTEST = 8;

/** A power of 2. */
const PLACES = 1 << 15;

/** The last list with each hash. */
const recent: (number[] | undefined)[] = [];

/**
 * The same list in fewer copies: one that another router of this process has just made or read, if there is one. What a router
 * tells is what its peer hears, and in a large lab most of the memory is AS paths. Nobody changes the list any more.
 */
export function sharedAsns(asns: number[]): number[] {
  if (asns.length < SHORTEST) return asns;
  const place = placeOf(asns);
  const known = recent[place];
  if (known && isSame(known, asns)) return known;
  recent[place] = asns;
  return asns;
}

function placeOf(asns: readonly number[]): number {
  let hash = asns.length;
  for (const asn of asns) hash = Math.imul(hash ^ asn, 0x0100_0193) ^ (hash >>> 15);
  return (hash ^ (hash >>> 15)) & (PLACES - 1);
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
