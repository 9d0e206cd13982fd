import type { RouterConfig, SessionConfig } from "../bgp/config/config.ts";
import type { Changes, ListChange, Match, Rule } from "../bgp/policy/policy.ts";
import { compilePrefixRanges } from "../bgp/policy/prefix-ranges.ts";
import type { Family } from "../net/address.ts";
import { type Prefix, prefixFamily, prefixParts } from "../net/prefix.ts";
import { toldCommunities } from "./community.ts";
import { type Peer, peerAsn } from "./peers.ts";

/** One direction of a session, and the address family of its routes. */
export interface Way {
  readonly direction: "import" | "export";
  readonly family: Family;
  readonly peer: Peer;
}

/** LOCAL_PREF of a route that has none: to take it away is to set this. */
const defaultLocalPref = 100;

/**
 * All that a router does to the routes of one way, for programs that know nothing but rules: prefixes that pass, what the session
 * sets, and its policy.
 *
 * What no rule accepts is rejected; without a rule that is everything. The last rule accepts. Matches are on what may vary: prefixes are of the family, peers are
 * there in exports only, and prefixes of next hops are IPv6. Changes to a list are either `set` alone, or `delete` and `add` of different items.
 */
export function sessionRules(router: RouterConfig, session: SessionConfig, way: Way): readonly Rule[] {
  const asn = peerAsn(session, { own: router.asn, peer: way.peer });
  const { first, last } = changesOf(session, { ...way, internal: asn === router.asn });
  const passing = way.direction === "import" ? session.importPrefixes : session.exportPrefixes;
  const rules = policyOf(router, session, way)
    .flatMap((rule) => resolve(rule, { ...way, from: [session.ifname, asn] }))
    .flatMap((rule) =>
      rule.action === "accept" ? within(addLast(rule, last), passing, way.family) : [rule],
    );
  return withFirst(first, ending(rules));
}

/** Whether rules let everything through as it is. */
export function letsAllPass([first]: readonly Rule[]): boolean {
  return first?.action === "accept" && isForAll(first) && Object.keys(first.set).length === 0;
}

function policyOf({ policies }: RouterConfig, session: SessionConfig, { direction }: Way): readonly Rule[] {
  const name = direction === "import" ? session.importPolicy : session.exportPolicy;
  return name === null ? [{ match: {}, set: {}, action: "accept" }] : (policies[name] ?? []);
}

/** What the session sets before its policy, and behind it. */
function changesOf(session: SessionConfig, { direction, internal }: Way & { internal: boolean }) {
  const preference = session.localPref === null ? {} : { localPref: session.localPref };
  if (direction === "import") return { first: preference, last: {} };
  const communities = toldCommunities(session);
  const last: Changes = {
    ...(internal && preference),
    ...(session.med !== null && { med: session.med }),
    ...(communities.length > 0 && { communities: { add: communities } }),
  };
  return { first: {}, last };
}

/** A rule as it is for one way; nothing if it never matches there. */
function resolve(
  { match, set, action }: Rule,
  { direction, family, from }: Way & { from: readonly (string | number)[] },
): Rule[] {
  const { prefixes, nextHops, peers, ...others } = match;
  const own = prefixes?.filter(({ prefix }) => prefixFamily(prefix) === family);
  // All next hops are IPv6 here.
  const hops = nextHops?.filter((prefix) => prefixFamily(prefix) === 6);
  const isHeard = direction === "import";
  const isNobody = isHeard && peers && !peers.some((peer) => from.includes(peer));
  if (own?.length === 0 || hops?.length === 0 || isNobody) return [];
  const left: Match = {
    ...others,
    ...(own && { prefixes: own }),
    ...(hops && { nextHops: hops }),
    ...(peers && !isHeard && { peers }),
  };
  return [{ match: left, set: action === "reject" ? {} : settled(set), action }];
}

/** Changes that say each thing in one way only. */
function settled({
  localPref,
  communities,
  extendedCommunities,
  largeCommunities,
  ...others
}: Changes): Changes {
  return {
    ...others,
    ...(localPref !== undefined && { localPref: localPref ?? defaultLocalPref }),
    ...(communities && { communities: settledList(communities) }),
    ...(extendedCommunities && { extendedCommunities: settledList(extendedCommunities) }),
    ...(largeCommunities && { largeCommunities: settledList(largeCommunities) }),
  };
}

function settledList<Item>({ set, delete: gone = [], add = [] }: ListChange<Item>): ListChange<Item> {
  if (set) return { set: without([...without(set, gone), ...add], []) };
  return { delete: without(gone, add), add: without(add, []) };
}

/** Each item once, but none of some. */
function without<Item>(items: readonly Item[], gone: readonly Item[]): Item[] {
  const leaving = new Set(gone.map(String));
  const left = items.filter((item) => !leaving.has(String(item)));
  return [...new Map(left.map((item) => [String(item), item])).values()];
}

function addLast(rule: Rule, last: Changes): Rule {
  const { communities: before = {} } = rule.set;
  const { communities: after, ...others } = last;
  if (!after) return { ...rule, set: { ...rule.set, ...others } };
  const add = [...(before.add ?? []), ...(after.add ?? [])];
  return { ...rule, set: { ...rule.set, ...others, communities: settledList({ ...before, add }) } };
}

/** A rule for those prefixes alone that may pass. */
function within(rule: Rule, passing: readonly Prefix[] | null, family: Family): Rule[] {
  if (passing === null) return [rule];
  const matches = rule.match.prefixes && compilePrefixRanges(rule.match.prefixes);
  const prefixes = passing
    .filter((prefix) => prefixFamily(prefix) === family)
    .map((prefix) => ({ prefix, ...prefixParts(prefix) }))
    .filter(({ octets, length }) => matches?.(octets, length) ?? true)
    .map(({ prefix, length }) => ({ prefix, ge: length, le: length }));
  return prefixes.length === 0 ? [] : [{ ...rule, match: { ...rule.match, prefixes } }];
}

/** Rules up to the one that decides on all that comes to it, without those that come to nothing. */
function ending(rules: readonly Rule[]): readonly Rule[] {
  const end = rules.findIndex((rule) => isForAll(rule) && rule.action !== "next");
  const reached = end < 0 ? rules : rules.slice(0, end + 1);
  return reached.slice(0, reached.findLastIndex(({ action }) => action === "accept") + 1);
}

function withFirst(first: Changes, rules: readonly Rule[]): readonly Rule[] {
  const [head] = rules;
  if (head === undefined || Object.keys(first).length === 0) return rules;
  if (rules.length === 1 && !("localPref" in head.match))
    return [{ ...head, set: { ...first, ...head.set } }];
  return [{ match: {}, set: first, action: "next" }, ...rules];
}

/** Whether a rule is for all routes. */
export function isForAll({ match }: Rule): boolean {
  return Object.keys(match).length === 0;
}
