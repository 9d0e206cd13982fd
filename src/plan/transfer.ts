import { evaluate } from "../bgp/policy/evaluate.ts";
import type { Policy } from "../bgp/policy/policy.ts";
import { prepend } from "../bgp/policy/prepend.ts";
import type { NextHop, PathAttributes } from "../bgp/wire/message.ts";
import type { Asn } from "../net/asn.ts";
import { type Prefix, prefixParts } from "../net/prefix.ts";
import { abilitiesOf } from "../topology/kind-abilities.ts";
import { type GraphEnd, type GraphNode, type GraphSession, heardNextHop } from "./graph.ts";
import { heardFromCustomer, toldToCustomer } from "./only-to-customer.ts";

/** A route with its AS path among its attributes, as a router has it. */
interface Heard {
  /** As the import policy left them. */
  readonly attributes: PathAttributes;
  readonly nextHop: NextHop | undefined;
  /** Over which it was heard; undefined at an origin. */
  readonly over: GraphSession | undefined;
}

type Path = Omit<Heard, "over">;

/** RFC 1997, 7999 and 8326. */
const NO_EXPORT = 0xffff_ff01;
const NO_ADVERTISE = 0xffff_ff02;
const NO_EXPORT_SUBCONFED = 0xffff_ff03;
const BLACKHOLE = 0xffff_029a;
const GRACEFUL_SHUTDOWN = 0xffff_0000;

/** What becomes of routes to one prefix on their way from router to router, with all that both ends do to them. */
export class Transfer {
  readonly #network: { readonly octets: Uint8Array; readonly length: number };

  constructor(prefix: Prefix) {
    this.#network = prefixParts(prefix);
  }

  /** The route as the router at this end of the session has it; undefined if it does not get it, or may not use it. */
  over(
    session: GraphSession,
    { from, to }: { from: GraphNode; to: GraphNode },
    route: Heard,
  ): Heard | undefined {
    if (route.over?.link === session.link || !isTold(session, route)) return undefined;
    const told = this.#told(session, from, route);
    const heard = told && isUsable(session, told) ? this.#heard(session, to, told) : undefined;
    return heard && isUsable(session, heard) ? { ...heard, over: session } : undefined;
  }

  #told(session: GraphSession, { asn, clusterId }: GraphNode, route: Heard): Path | undefined {
    const { external, far } = session;
    const reflected =
      route.over && !route.over.external && !external
        ? withReflection(route.attributes, route.over, clusterId)
        : route.attributes;
    const nextHop = drops(route) ? undefined : route.nextHop;
    const policed = this.#apply(far.export, { ...route, attributes: reflected, nextHop }, asn);
    if (!policed) return undefined;
    const isForeignMed = external && route.over && policed.attributes.med !== undefined && !policed.setsMed;
    const attributes = isForeignMed ? withoutMed(policed.attributes) : policed.attributes;
    const leaving = external
      ? leave(attributes, session, asn)
      : { ...attributes, localPref: far.session.localPref ?? attributes.localPref ?? 100 };
    if (!leaving) return undefined;
    const linkLocal = heardNextHop(session, { ...route, nextHop: nextHop?.linkLocal });
    return { attributes: withMarks(leaving, far.session), nextHop: policed.nextHop ?? { linkLocal } };
  }

  #heard(
    session: GraphSession,
    { asn, routerId, clusterId }: GraphNode,
    { attributes, nextHop }: Path,
  ): Path | undefined {
    const { external, near, peerAsn } = session;
    if (isLoop(session, attributes, asn) || attributes.originatorId === routerId) return undefined;
    if (attributes.clusterList?.includes(clusterId)) return undefined;
    if (external && near.session.requirePolicy && near.import === null) return undefined;
    const told = external ? undefined : attributes.localPref;
    const { localPref: _, ...rest } = attributes;
    const given = near.session.localPref ?? told;
    const localPref = isSpeaker(near.router) && shutsDown(attributes) ? 0 : given;
    const preferred = localPref === undefined ? rest : { ...rest, localPref };
    const marked = external ? heardFromCustomer(preferred, rolesOf(session), peerAsn) : preferred;
    if (!marked) return undefined;
    const policed = this.#apply(near.import, { attributes: marked, nextHop, over: session }, asn);
    return (
      policed && { attributes: heeded(session, policed.attributes), nextHop: policed.nextHop ?? nextHop }
    );
  }

  /** The next hop is there if the policy sets it. */
  #apply(policy: Policy | null, route: Heard, asn: Asn): (Path & { setsMed: boolean }) | undefined {
    if (policy === null) return { attributes: route.attributes, nextHop: undefined, setsMed: false };
    const { octets: network, length } = this.#network;
    const { attributes, nextHop, over } = route;
    const from = over && { ifname: over.ifname, asn: over.peerAsn };
    const verdict = evaluate(policy, { network, length, attributes, nextHop, from }, asn);
    return verdict.type === "accepted" ? verdict : undefined;
  }
}

/** How often an AS is on a path. */
function timesIn(path: PathAttributes["asPath"], asn: Asn): number {
  let times = 0;
  for (const { asns } of path) for (const one of asns) if (one === asn) times++;
  return times;
}

/** A router does not send to itself (RFC 4271 §5.1.3), and only link-local addresses are on its links. */
function isUsable({ near }: GraphSession, { nextHop }: Path): boolean {
  return nextHop?.linkLocal !== undefined && nextHop.linkLocal !== near.router.linkLocal;
}

/** Whether packets by a route are dropped (RFC 7999). */
export function drops({ attributes, over }: Omit<Heard, "nextHop">): boolean {
  return over?.near.session.blackhole === true && has(attributes, BLACKHOLE);
}

/** Whether the peer tells such a route at all (RFC 4271 §9.2, RFC 4456 §6, RFC 1997, RFC 8212, RFC 7999 §3.2). */
function isTold({ external, far }: GraphSession, { attributes, over }: Heard): boolean {
  if (has(attributes, NO_ADVERTISE)) return false;
  if (!external) {
    const isReflected = far.session.routeReflectorClient || over?.near.session.routeReflectorClient === true;
    return !over || over.external || isReflected;
  }
  if (far.session.requirePolicy && far.export === null) return false;
  if (has(attributes, NO_EXPORT) || has(attributes, NO_EXPORT_SUBCONFED)) return false;
  return !(over?.near.session.blackhole && has(attributes, BLACKHOLE));
}

/** Whether the route has been through the AS before, and the router minds that. */
function isLoop({ external, near }: GraphSession, { asPath }: PathAttributes, asn: Asn): boolean {
  const minds = external || (abilitiesOf[near.router.kind]?.checksInnerLoops ?? true);
  return minds && timesIn(asPath, asn) > near.session.allowOwnAs;
}

/** Whether a router is one of ours, to which GRACEFUL_SHUTDOWN comes before its import policy. */
const isSpeaker = ({ kind }: GraphEnd["router"]) => abilitiesOf[kind] === undefined;

/** Whether the route is told to be the last choice (RFC 8326). */
const shutsDown = (attributes: PathAttributes) => has(attributes, GRACEFUL_SHUTDOWN);

/** What a program that knows communities without being told makes of them behind its import policy (RFC 8326, RFC 7999 §3.2). */
function heeded({ external, near }: GraphSession, attributes: PathAttributes): PathAttributes {
  if (!external || !abilitiesOf[near.router.kind]?.heedsCommunities) return attributes;
  const { communities = [] } = attributes;
  const kept = has(attributes, BLACKHOLE)
    ? { ...attributes, communities: [...communities, NO_EXPORT] }
    : attributes;
  return shutsDown(attributes) ? { ...kept, localPref: 0 } : kept;
}

/** RFC 4456 §8. */
function withReflection(
  attributes: PathAttributes,
  over: GraphSession,
  clusterId: GraphNode["clusterId"],
): PathAttributes {
  const { originatorId = over.far.router.routerId, clusterList = [] } = attributes;
  return { ...attributes, originatorId, clusterList: [clusterId, ...clusterList] };
}

/** A MED that another AS gave goes no further, but one that the policy sets does (RFC 4271 §5.1.4). */
function withoutMed({ med: _, ...rest }: PathAttributes): PathAttributes {
  return rest;
}

/** RFC 4271 §5.1.2 and §5.1.5, RFC 9234 §5. */
function leave(attributes: PathAttributes, session: GraphSession, asn: Asn): PathAttributes | undefined {
  const { localPref: _, originatorId, clusterList, extendedCommunities, ...rest } = attributes;
  const { far, near } = session;
  const path = far.session.removePrivateAs ? withoutPrivateAsns(rest.asPath, near.router.asn) : rest.asPath;
  const transitive =
    extendedCommunities?.filter((one) => (Number.parseInt(one.slice(0, 2), 16) & 0x40) === 0) ?? [];
  const told = {
    ...rest,
    asPath: prepend(path, asn),
    ...(transitive.length > 0 && { extendedCommunities: transitive }),
  };
  return toldToCustomer(told, rolesOf(session), asn);
}

/** All private ASNs (RFC 6996) but that of the router that is told. */
function withoutPrivateAsns(path: PathAttributes["asPath"], peerAsn: Asn): PathAttributes["asPath"] {
  const isPrivate = (asn: number) => (asn >= 64512 && asn <= 65534) || asn >= 4_200_000_000;
  return path
    .map(({ type, asns }) => ({ type, asns: asns.filter((asn) => asn === peerAsn || !isPrivate(asn)) }))
    .filter(({ asns }) => asns.length > 0);
}

/** What the session sets in all that is told, whatever the policy said (RFC 1997, RFC 8326). */
function withMarks(attributes: PathAttributes, told: GraphSession["far"]["session"]): PathAttributes {
  const marks = [...told.communities, ...(told.gracefulShutdown ? [GRACEFUL_SHUTDOWN] : [])];
  const communities = [...new Set([...(attributes.communities ?? []), ...marks])];
  return {
    ...attributes,
    ...(communities.length > 0 && { communities }),
    ...(told.med !== null && { med: told.med }),
  };
}

/** Roles hold if both ends have one. */
function rolesOf({ near, far }: GraphSession) {
  const both = near.session.role !== null && far.session.role !== null;
  return { near: both ? near.session.role : null, far: both ? far.session.role : null };
}

function has({ communities }: PathAttributes, community: number): boolean {
  return communities?.includes(community) ?? false;
}
