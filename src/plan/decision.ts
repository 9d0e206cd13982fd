import type { Origin, PathAttributes } from "../bgp/wire/message.ts";
import { routerIdToNumber } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import type { GraphNode } from "./graph.ts";
import { drops, type Route } from "./transfer.ts";

const originRank: Record<Origin, number> = { igp: 0, egp: 1, incomplete: 2 };

/** All routes that a router uses of its candidates, the best first (RFC 4271 §9.1.2.2, RFC 4456 §9). */
export function usedOf(candidates: readonly Route[], { asn, multipath }: GraphNode): Route[] {
  if (candidates.length < 2) return [...candidates];
  const own = candidates.find(({ over }) => over === undefined);
  if (own) return [own];
  let equal = least(candidates, ({ attributes }) => -(attributes.localPref ?? 100));
  equal = least(equal, ({ attributes }) => pathLength(attributes.asPath));
  equal = least(equal, ({ attributes }) => originRank[attributes.origin]);
  equal = withoutHigherMed(equal, asn);
  equal = least(equal, ({ over }) => Number(!over?.external));
  const [best, ...others] = [...equal].sort(inOrder);
  if (!best) return [];
  return drops(best) ? [best] : [best, ...alongside(best, others, multipath)];
}

/** Others that are used at once with the best, each by a way of its own. */
function alongside(best: Route, others: readonly Route[], multipath: GraphNode["multipath"]): Route[] {
  const wayOf = ({ over, nextHop }: Route) => `${over?.ifname} ${nextHop?.linkLocal}`;
  const ways = new Set([wayOf(best)]);
  const fitting = others.filter((route) => {
    const isSame = multipath.asPathRelax || isSamePath(route.attributes, best.attributes);
    if (!isSame || drops(route) || ways.has(wayOf(route))) return false;
    ways.add(wayOf(route));
    return true;
  });
  return fitting.slice(0, multipath.maximumPaths - 1);
}

function least(routes: readonly Route[], key: (route: Route) => number): readonly Route[] {
  if (routes.length < 2) return routes;
  const keys = routes.map(key);
  const lowest = keys.reduce((a, b) => Math.min(a, b));
  return routes.filter((_, index) => keys[index] === lowest);
}

/** MEDs are compared within one neighbor AS; none is 0. */
function withoutHigherMed(routes: readonly Route[], asn: Asn): readonly Route[] {
  if (routes.length < 2) return routes;
  const lowest = new Map<number, number>();
  const medOf = ({ attributes }: Route) => attributes.med ?? 0;
  for (const route of routes) {
    const as = neighborAs(route, asn);
    lowest.set(as, Math.min(medOf(route), lowest.get(as) ?? Number.POSITIVE_INFINITY));
  }
  return routes.filter((route) => medOf(route) === lowest.get(neighborAs(route, asn)));
}

/** The AS that told ours; ours if the route comes from it. */
function neighborAs({ attributes: { asPath }, over }: Route, asn: Asn): number {
  if (over?.external) return over.peerAsn;
  return asPath[0]?.type === "sequence" ? (asPath[0].asns[0] ?? asn) : asn;
}

/** Router id of the peer, or of the first router of the AS that had it, then who reflected it least, then the session. */
function inOrder(a: Route, b: Route): number {
  const reflections = ({ attributes }: Route) => attributes.clusterList?.length ?? 0;
  return (
    idOf(a) - idOf(b) || reflections(a) - reflections(b) || byText(a.over?.order ?? "", b.over?.order ?? "")
  );
}

function idOf({ attributes, over }: Route): number {
  const id = attributes.originatorId ?? over?.far.router.routerId;
  return id === undefined ? 0 : routerIdToNumber(id);
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A set counts 1 (RFC 4271 §9.1.2.2 a). */
function pathLength(path: PathAttributes["asPath"]): number {
  return path.reduce((sum, { type, asns }) => sum + (type === "sequence" ? asns.length : 1), 0);
}

function isSamePath({ asPath: a }: PathAttributes, { asPath: b }: PathAttributes): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
