import type { AsPathSegment, NextHop, PathAttributes } from "../wire/message.ts";

/** Path attributes and where they lead; without a next hop it is our own. */
export interface Path {
  readonly attributes: PathAttributes;
  readonly nextHop: NextHop | undefined;
}

/** Whether two paths say the same. An empty list is as good as none. */
export function isSamePath(a: Path, b: Path): boolean {
  return isSameNextHop(a.nextHop, b.nextHop) && isSameAttributes(a.attributes, b.attributes);
}

/** Whether two next hops are the same addresses. */
export function isSameNextHop(a: NextHop | undefined, b: NextHop | undefined): boolean {
  return a === b || (a?.linkLocal === b?.linkLocal && a?.global === b?.global && !a === !b);
}

function isSameAttributes(a: PathAttributes, b: PathAttributes): boolean {
  if (a === b) return true;
  return (
    a.origin === b.origin &&
    a.med === b.med &&
    a.localPref === b.localPref &&
    a.originatorId === b.originatorId &&
    a.onlyToCustomer === b.onlyToCustomer &&
    (a.atomicAggregate ?? false) === (b.atomicAggregate ?? false) &&
    a.aggregator?.asn === b.aggregator?.asn &&
    a.aggregator?.address === b.aggregator?.address &&
    isSameAsPath(a.asPath, b.asPath) &&
    isSameList(a.communities, b.communities, isSame) &&
    isSameList(a.largeCommunities, b.largeCommunities, isSameNumbers) &&
    isSameList(a.extendedCommunities, b.extendedCommunities, isSame) &&
    isSameList(a.clusterList, b.clusterList, isSame) &&
    isSameList(a.partial, b.partial, isSame) &&
    isSameList(a.unknown, b.unknown, isSameRaw)
  );
}

/** Whether two AS paths are the same, segment by segment. */
export function isSameAsPath(a: readonly AsPathSegment[], b: readonly AsPathSegment[]): boolean {
  return isSameList(a, b, isSameSegment);
}

type Listed<Item> = ArrayLike<Item>;

function isSameList<Item>(
  a: Listed<Item> | undefined,
  b: Listed<Item> | undefined,
  isEqual: (a: Item, b: Item) => boolean,
): boolean {
  if (a === b) return true;
  if ((a?.length ?? 0) !== (b?.length ?? 0)) return false;
  if (!a || !b) return true;
  for (let index = 0; index < a.length; index++) {
    if (!isEqual(a[index] as Item, b[index] as Item)) return false;
  }
  return true;
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b;
}

function isSameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return isSameList(a, b, isSame);
}

function isSameSegment(a: AsPathSegment, b: AsPathSegment): boolean {
  return a.type === b.type && isSameNumbers(a.asns, b.asns);
}

type Raw = NonNullable<PathAttributes["unknown"]>[number];

function isSameRaw(a: Raw, b: Raw): boolean {
  return a.code === b.code && a.flags === b.flags && isSameNumbers(a.value, b.value);
}
