import type { Origin } from "../bgp/wire/message.ts";
import { routerIdToNumber } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import { isSamePath } from "./as-path.ts";
import type { GraphNode } from "./graph.ts";
import type { Route } from "./route.ts";
import { drops } from "./transfer.ts";

const originRank: Record<Origin, number> = { igp: 0, egp: 1, incomplete: 2 };

/** All routes that a router uses of its candidates, the best first (RFC 4271 §9.1.2.2, RFC 4456 §9). */
export function usedOf(candidates: readonly Route[], { asn, multipath }: GraphNode): Route[] {
  if (candidates.length < 2) return [...candidates];
  const own = candidates.find(({ over }) => over === undefined);
  if (own) return [own];
  let equal = withoutHigherMed(strongest(candidates), asn);
  equal = least(equal, ({ over }) => Number(!over?.external));
  if (multipath.maximumPaths < 2) return [equal.reduce((a, b) => (inOrder(b, a) < 0 ? b : a))];
  const [best, ...others] = [...equal].sort(inOrder);
  if (!best) return [];
  return isDropping(best) ? [best] : [best, ...alongside(best, others, multipath)];
}

/** Whether packets by a route are dropped (RFC 7999). */
export function isDropping({ sort: { attributes }, over }: Route): boolean {
  return drops({ attributes, over });
}

/** Others that are used at once with the best, each by a way of its own. */
function alongside(best: Route, others: readonly Route[], multipath: GraphNode["multipath"]): Route[] {
  const wayOf = ({ over, nextHop }: Route) => `${over?.ifname} ${nextHop?.linkLocal}`;
  const ways = new Set([wayOf(best)]);
  const fitting = others.filter((route) => {
    const isSame = multipath.asPathRelax || isSamePath(route.path, best.path);
    if (!isSame || isDropping(route) || ways.has(wayOf(route))) return false;
    ways.add(wayOf(route));
    return true;
  });
  return fitting.slice(0, multipath.maximumPaths - 1);
}

/** Those with the highest LOCAL_PREF, of them those with the shortest AS path, of them those of the lowest origin. */
function strongest(routes: readonly Route[]): readonly Route[] {
  let equal: Route[] = [];
  for (const route of routes) {
    const order = equal[0] ? strength(route, equal[0]) : 0;
    if (order > 0) equal = [route];
    else if (order === 0) equal.push(route);
  }
  return equal;
}

/** Positive if the first is stronger, 0 if neither. */
function strength(a: Route, b: Route): number {
  const [one, other] = [a.sort.attributes, b.sort.attributes];
  return (
    (one.localPref ?? 100) - (other.localPref ?? 100) ||
    (b.path?.length ?? 0) - (a.path?.length ?? 0) ||
    originRank[other.origin] - originRank[one.origin]
  );
}

function least(routes: readonly Route[], key: (route: Route) => number): readonly Route[] {
  if (routes.length < 2) return routes;
  const keys = routes.map(key);
  const lowest = keys.reduce((a, b) => Math.min(a, b));
  return routes.filter((_, index) => keys[index] === lowest);
}

/** MEDs are compared within one neighbor AS; none is 0. */
function withoutHigherMed(routes: readonly Route[], asn: Asn): readonly Route[] {
  if (routes.length < 2 || routes.every(({ sort }) => !sort.attributes.med)) return routes;
  const lowest = new Map<number, number>();
  const medOf = ({ sort: { attributes } }: Route) => attributes.med ?? 0;
  for (const route of routes) {
    const as = neighborAs(route, asn);
    lowest.set(as, Math.min(medOf(route), lowest.get(as) ?? Number.POSITIVE_INFINITY));
  }
  return routes.filter((route) => medOf(route) === lowest.get(neighborAs(route, asn)));
}

/** The AS that told ours; ours if the route comes from it. */
function neighborAs({ path, over }: Route, asn: Asn): number {
  if (over?.external) return over.peerAsn;
  return path?.asn ?? asn;
}

/** Router id of the peer, or of the first router of the AS that had it, then who reflected it least, then the session. */
function inOrder(a: Route, b: Route): number {
  const isReflected =
    a.sort.attributes.originatorId !== undefined || b.sort.attributes.originatorId !== undefined;
  if (!isReflected && a.over && b.over) return a.over.rank - b.over.rank;
  const reflections = ({ sort: { attributes } }: Route) => attributes.clusterList?.length ?? 0;
  return (
    idOf(a) - idOf(b) || reflections(a) - reflections(b) || byText(a.over?.order ?? "", b.over?.order ?? "")
  );
}

function idOf({ sort: { attributes }, over }: Route): number {
  const id = attributes.originatorId ?? over?.far.router.routerId;
  return id === undefined ? 0 : routerIdToNumber(id);
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
