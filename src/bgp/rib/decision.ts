import { addressOctets, routerIdToNumber } from "../../net/address.ts";
import type { AsPathSegment, Origin } from "../wire/message.ts";
import { isExternal, type Local } from "./local.ts";
import type { Route } from "./route.ts";

/** The LOCAL_PREF of a route that has none, as every implementation has it. */
export const defaultLocalPref = 100;

interface Rule {
  readonly name: string;
  /** The routes that survive; never none. */
  readonly keep: (routes: readonly Route[], local: Local) => readonly Route[];
}

/**
 * Tie-breaking in order (RFC 4271 §9.1.1, §9.1.2.2). Rules thin out a set instead of comparing pairs: MED is compared
 * only within one neighbor AS, so pairs have no consistent order. The RFC's cost to the next hop is not here, because
 * every next hop is on a link of ours. The last rule is ours: link-local addresses may repeat on each link.
 */
const rules: readonly Rule[] = [
  { name: "originated here", keep: least((route) => (route.peer ? 1 : 0)) },
  { name: "highest LOCAL_PREF", keep: least((route) => -(route.attributes.localPref ?? defaultLocalPref)) },
  { name: "shortest AS path", keep: least((route) => asPathLength(route.attributes.asPath)) },
  { name: "lowest origin", keep: least((route) => originRank[route.attributes.origin]) },
  { name: "lowest MED", keep: withoutHigherMed },
  { name: "eBGP over iBGP", keep: least((route, local) => (isFromExternal(route, local) ? 0 : 1)) },
  {
    name: "lowest peer router ID",
    keep: least(({ peer }) => (peer ? routerIdToNumber(peer.routerId) : 0)),
  },
  { name: "lowest peer address", keep: least(({ peer }) => (peer ? hex(addressOctets(peer.address)) : "")) },
  { name: "lowest interface name", keep: least(({ peer }) => (peer ? naturalKey(peer.ifname) : "")) },
];

const originRank: Record<Origin, number> = { igp: 0, egp: 1, incomplete: 2 };

/**
 * The best of the routes to one prefix, and the rule that made it so; undefined if there are none.
 * The order of `routes` makes no difference as long as each is from another peer.
 */
export function decide(
  routes: readonly Route[],
  local: Local,
): { best: Route; decidedBy: string } | undefined {
  let survivors = routes;
  let decidedBy = "only route";
  for (const rule of rules) {
    if (survivors.length < 2) break;
    const kept = rule.keep(survivors, local);
    if (kept.length < survivors.length) decidedBy = rule.name;
    survivors = kept;
  }
  const [best] = survivors;
  return best && { best, decidedBy };
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
function neighborAs(route: Route, local: Local): number {
  if (route.peer && isExternal(route.peer, local)) return route.peer.asn;
  const first = route.attributes.asPath.find(({ type }) => type === "sequence" || type === "set");
  return (first?.type === "sequence" ? first.asns[0] : undefined) ?? local.asn;
}

function isFromExternal({ peer }: Route, local: Local): boolean {
  return peer !== undefined && isExternal(peer, local);
}

/** A set counts 1 (RFC 4271 §9.1.2.2 a), confederation segments nothing (RFC 5065 §5.3). */
function asPathLength(path: readonly AsPathSegment[]): number {
  return path.reduce((sum, { type, asns }) => {
    if (type === "sequence") return sum + asns.length;
    return type === "set" ? sum + 1 : sum;
  }, 0);
}

function hex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

/** Sorts eth2 before eth10; the name itself at the end keeps eth1 and eth01 apart. */
function naturalKey(ifname: string): string {
  return `${ifname.replace(/\d+/g, (digits) => digits.padStart(15, "0"))} ${ifname}`;
}
