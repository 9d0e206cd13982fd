import { type Address, addressOctets, routerIdToNumber } from "../../net/address.ts";
import type { AsPathSegment, Origin, PathAttributes } from "../wire/message.ts";
import { isExternal, type Local } from "./local.ts";
import type { Route } from "./route.ts";

/** The LOCAL_PREF of a route that has none, as every implementation has it. */
export const defaultLocalPref = 100;

/** How much a route is preferred inside the AS. */
export function localPrefOf({ localPref }: PathAttributes): number {
  return localPref ?? defaultLocalPref;
}

interface Rule {
  readonly name: string;
  /** The routes that survive; never none. */
  readonly keep: (routes: readonly Route[], local: Local) => readonly Route[];
}

/**
 * Tie-breaking in order (RFC 4271 §9.1.1, §9.1.2.2, RFC 4456 §9). Rules thin out a set instead of comparing pairs: MED is
 * compared only within one neighbor AS, so pairs have no consistent order. The RFC's cost to the next hop is not here,
 * because every next hop is on a link of ours. The last rules are ours: link-local addresses may repeat on each link, and
 * one peer may tell several paths.
 */
const rules: readonly Rule[] = [
  { name: "originated here", keep: least((route) => (route.peer ? 1 : 0)) },
  { name: "highest LOCAL_PREF", keep: least((route) => -localPrefOf(route.attributes)) },
  { name: "shortest AS path", keep: least((route) => asPathLength(route.attributes.asPath)) },
  { name: "lowest origin", keep: least((route) => originRank[route.attributes.origin]) },
  { name: "lowest MED", keep: withoutHigherMed },
  { name: "eBGP over iBGP", keep: least((route, local) => (isFromExternal(route, local) ? 0 : 1)) },
  { name: "lowest peer router ID", keep: least((route) => routerIdRank(route)) },
  {
    name: "shortest CLUSTER_LIST",
    keep: least(({ attributes }) => attributes.clusterList?.length ?? 0),
  },
  { name: "lowest peer address", keep: least(({ peer }) => (peer ? addressRank(peer.address) : "")) },
  { name: "lowest interface name", keep: least(({ peer }) => (peer ? naturalKey(peer.ifname) : "")) },
  { name: "lowest path identifier", keep: least(({ pathId }) => pathId) },
];

/** For comparing ORIGIN: the lowest is preferred. */
export const originRank: Record<Origin, number> = { igp: 0, egp: 1, incomplete: 2 };

/**
 * The best of the routes to one prefix, and the rule that made it so; undefined if there are none.
 * The order of `routes` makes no difference as long as each is from another peer.
 */
export function decide(
  routes: readonly Route[],
  local: Local,
): { best: Route; decidedBy: string } | undefined {
  const lostBy = losers(routes, local);
  const best = routes.find((route) => !lostBy.has(route));
  return best && { best, decidedBy: [...lostBy.values()].at(-1) ?? "only route" };
}

/** All routes but the best one, and the rule by which each lost; those that lost last come last. */
export function losers(routes: readonly Route[], local: Local): ReadonlyMap<Route, string> {
  const lostBy = new Map<Route, string>();
  let survivors = routes;
  for (const rule of rules) {
    if (survivors.length < 2) break;
    const kept = rule.keep(survivors, local);
    for (const route of survivors) if (!kept.includes(route)) lostBy.set(route, rule.name);
    survivors = kept;
  }
  return lostBy;
}

function least(key: (route: Route, local: Local) => number | string): Rule["keep"] {
  return (routes, local) => {
    const keys = routes.map((route) => key(route, local));
    const lowest = lowestOf(keys);
    return routes.filter((_, index) => keys[index] === lowest);
  };
}

function lowestOf(keys: readonly (number | string)[]): number | string | undefined {
  let [lowest] = keys;
  for (const key of keys) if (lowest === undefined || key < lowest) lowest = key;
  return lowest;
}

/** A missing MED counts as 0, the lowest (RFC 4271 §9.1.2.2 c). */
function withoutHigherMed(routes: readonly Route[], local: Local): readonly Route[] {
  const lowest = new Map<number, number>();
  for (const route of routes) {
    const as = neighborAs(route, local);
    const med = route.attributes.med ?? 0;
    lowest.set(as, Math.min(med, lowest.get(as) ?? med));
  }
  return routes.filter((route) => (route.attributes.med ?? 0) === lowest.get(neighborAs(route, local)));
}

/** The AS that told our AS of the route; ours if the path is empty or starts with a set (RFC 4271 §9.1.2.2 c). */
export function neighborAs(route: Pick<Route, "peer" | "attributes">, local: Local): number {
  if (route.peer && isExternal(route.peer, local)) return route.peer.asn;
  const first = route.attributes.asPath.find(({ type }) => type === "sequence" || type === "set");
  return (first?.type === "sequence" ? first.asns[0] : undefined) ?? local.asn;
}

/** ORIGINATOR_ID stands for the router ID of the peer that reflected the route (RFC 4456 §9). */
function routerIdRank({ peer, attributes }: Route): number {
  return peer ? routerIdToNumber(attributes.originatorId ?? peer.routerId) : 0;
}

function isFromExternal({ peer }: Route, local: Local): boolean {
  return peer !== undefined && isExternal(peer, local);
}

/** A set counts 1 (RFC 4271 §9.1.2.2 a), confederation segments nothing (RFC 5065 §5.3). */
export function asPathLength(path: readonly AsPathSegment[]): number {
  return path.reduce((sum, { type, asns }) => {
    if (type === "sequence") return sum + asns.length;
    return type === "set" ? sum + 1 : sum;
  }, 0);
}

/** A text that sorts as the address's octets do. */
export function addressRank(address: Address): string {
  return Array.from(addressOctets(address), (octet) => octet.toString(16).padStart(2, "0")).join("");
}

/** Sorts eth2 before eth10; the name itself at the end keeps eth1 and eth01 apart. */
export function naturalKey(ifname: string): string {
  return `${ifname.replace(/\d+/g, (digits) => digits.padStart(15, "0"))} ${ifname}`;
}
