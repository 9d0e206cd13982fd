/** An AS path as a list, so that whoever prepends to it copies nothing; undefined is the empty one. */
export type AsPath = AsPathHop | undefined;

interface AsPathHop {
  readonly asn: number;
  readonly behind: AsPath;
  /** How many ASNs there are from here on. */
  readonly length: number;
}

/** A path with some ASNs in front of it, as they stand. */
export function withInFront(path: AsPath, asns: readonly number[]): AsPath {
  let longer = path;
  for (let index = asns.length - 1; index >= 0; index--) {
    longer = { asn: asns[index] as number, behind: longer, length: (longer?.length ?? 0) + 1 };
  }
  return longer;
}

/** How often an AS is on a path. */
export function timesOn(path: AsPath, asn: number): number {
  let times = 0;
  for (let hop = path; hop; hop = hop.behind) if (hop.asn === asn) times++;
  return times;
}

export function asnsOf(path: AsPath): number[] {
  const asns: number[] = [];
  for (let hop = path; hop; hop = hop.behind) asns.push(hop.asn);
  return asns;
}

export function isSamePath(a: AsPath, b: AsPath): boolean {
  let [one, other] = [a, b];
  while (one !== other) {
    if (one?.asn !== other?.asn || one?.length !== other?.length) return false;
    [one, other] = [one?.behind, other?.behind];
  }
  return true;
}
