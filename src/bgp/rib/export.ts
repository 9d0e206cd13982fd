import type { Family } from "../../net/address.ts";
import { evaluate } from "../policy/evaluate.ts";
import { nextHopBy } from "../policy/next-hop.ts";
import { isLong, longSequenceOf } from "../wire/long-sequence.ts";
import type { Asns, AsPathSegment, NextHop, PathAttributes } from "../wire/message.ts";
import { hasCommunity, wellKnown, withCommunities } from "./communities.ts";
import { defaultLocalPref } from "./decision.ts";
import { isExternal, type Local } from "./local.ts";
import { sendOtc } from "./only-to-customer.ts";
import type { Path } from "./path.ts";
import { withoutPrivateAsns } from "./private-asns.ts";
import type { Peer, PeerPolicy } from "./route.ts";

/** A best route on its way to a peer. */
export interface Leaving {
  readonly family: Family;
  /** 4 or 16 octets, host bits clear, and how many bits of them count; what does not look at prefixes may get any. */
  readonly network: Uint8Array;
  readonly length: number;
  readonly path: Path;
  /** Who told us; undefined for what is originated here. */
  readonly from: Peer | undefined;
}

/** RFC 4271 §4.3: a segment's ASNs are counted in one octet. */
const longestSegment = 255;

/**
 * The path that a peer is told of for a best route, or undefined if it is told of none. Whether the peer told us the route
 * itself, and its `exportPrefixes`, the caller has looked at.
 *
 * The next hop is the one that we were told only for a peer on the same link; to all others, iBGP peers and clients too, it
 * is ours: a link-local address means nothing beyond its own link. One that the session has goes over both, and one that a
 * rule of the export policy sets over that. Next-hop-self is no option here, but the rule. That the peer's ASN stands in the path
 * is no reason to keep quiet: the peer checks that itself.
 */
export function exportPath(route: Leaving, peer: Peer, local: Local): Path | undefined {
  if (!carries(peer, route.family) || !isFor(peer, route, local)) return undefined;
  const own = { ...route, path: { ...route.path, attributes: beforePolicy(route, peer, local) } };
  const policed = applyPolicy(own, peer, local);
  if (!policed) return undefined;
  const { attributes } = policed;
  const external = isExternal(peer, local);
  const leaving = external
    ? sendOtc(externalAttributes(attributes, peer, local), peer, local)
    : internalAttributes(attributes, peer.policy);
  if (!leaving) return undefined;
  return {
    attributes: withPolicy(leaving, peer.policy),
    nextHop: policed.nextHop ?? announcedNextHop(peer, route.family) ?? othersNextHop(route, peer),
  };
}

/** The next hop that a peer is told for a family, if its policy has one; else it is our link-local address on that session. */
export function announcedNextHop({ policy }: Peer, family: Family): NextHop | undefined {
  const address = policy.nextHop?.[family === 4 ? "ipv4" : "ipv6"];
  return address && nextHopBy(address);
}

/** That of a router on the peer's own link, which is the shorter way for it (RFC 4271 §5.1.3); never the peer's own address. */
function othersNextHop({ path: { nextHop }, from }: Leaving, peer: Peer): NextHop | undefined {
  if (!from || from.ifname !== peer.ifname || from.session === peer.session) return undefined;
  const linkLocal = nextHop?.linkLocal;
  return linkLocal === undefined || linkLocal === peer.address ? undefined : { linkLocal };
}

/** Whether the session can take prefixes of a family with an IPv6 next hop (RFC 4760, RFC 8950). */
function carries(peer: Peer, family: Family): boolean {
  return peer.families.includes(family) && (family === 6 || peer.extendedNextHop);
}

function isFor(peer: Peer, { path: { attributes, nextHop }, from }: Leaving, local: Local): boolean {
  if (hasCommunity(attributes, "noAdvertise")) return false;
  if (!isExternal(peer, local)) return !from || isExternal(from, local) || isReflected(from, peer);
  if (peer.policy.requirePolicy && peer.policy.export === null) return false; // RFC 8212
  if (hasCommunity(attributes, "noExport") || hasCommunity(attributes, "noExportSubconfed")) return false;
  return !from || nextHop !== undefined; // RFC 7999 §3.2: what is dropped here is not told elsewhere
}

/** RFC 4271 §9.2: no iBGP to iBGP, but from and to clients (RFC 4456 §6). */
function isReflected(from: Peer, to: Peer): boolean {
  return from.policy.routeReflectorClient || to.policy.routeReflectorClient;
}

/** What depends on where the route came from: a MED that another AS gave us goes no further (RFC 4271 §5.1.4). */
function beforePolicy({ path: { attributes }, from }: Leaving, peer: Peer, local: Local): PathAttributes {
  if (!from || isExternal(peer, local) || isExternal(from, local)) return attributes;
  // RFC 4456 §8
  return {
    ...attributes,
    originatorId: attributes.originatorId ?? from.routerId,
    clusterList: [local.clusterId, ...(attributes.clusterList ?? [])],
  };
}

/** Policies see the MED of another AS, but that goes no further (RFC 4271 §5.1.4) unless the policy sets it. The next hop is there if the policy sets it. */
function applyPolicy(route: Leaving, peer: Peer, local: Local): Path | undefined {
  const { attributes, nextHop } = route.path;
  const isForeignMed = route.from !== undefined && isExternal(peer, local) && attributes.med !== undefined;
  const policy = peer.policy.export;
  if (policy === null) {
    return { attributes: isForeignMed ? withoutMed(attributes) : attributes, nextHop: undefined };
  }
  const { network, length, from } = route;
  const verdict = evaluate(policy, { network, length, attributes, nextHop, from }, local.asn);
  if (verdict.type === "rejected") return undefined;
  return isForeignMed && !verdict.setsMed
    ? { ...verdict, attributes: withoutMed(verdict.attributes) }
    : verdict;
}

function withoutMed({ med: _, ...rest }: PathAttributes): PathAttributes {
  return rest;
}

/** RFC 4271 §5.1.2 a and b, §5.1.5, RFC 4456 §8, RFC 4360 §6. */
function externalAttributes(attributes: PathAttributes, peer: Peer, local: Local): PathAttributes {
  const { localPref: _, originatorId, clusterList, extendedCommunities, ...rest } = attributes;
  const { asn, policy } = peer;
  const told = policy.removePrivateAs ? withoutPrivateAsns(rest.asPath, asn) : rest.asPath;
  const asPath = prepend(local.asn, told);
  const transitive = extendedCommunities?.filter(isTransitive) ?? [];
  return transitive.length > 0 ? { ...rest, asPath, extendedCommunities: transitive } : { ...rest, asPath };
}

/** LOCAL_PREF is mandatory inside an AS (RFC 4271 §5.1.5). */
function internalAttributes(attributes: PathAttributes, { localPref }: PeerPolicy): PathAttributes {
  return { ...attributes, localPref: localPref ?? attributes.localPref ?? defaultLocalPref };
}

/** What the peer is told whatever the route says of it (RFC 4271 §5.1.4, RFC 1997, RFC 8326). */
function withPolicy(attributes: PathAttributes, policy: PeerPolicy): PathAttributes {
  const shutdown = policy.gracefulShutdown ? [wellKnown.gracefulShutdown] : [];
  const marked = withCommunities(attributes, [...policy.communities, ...shutdown]);
  return policy.med === null ? marked : { ...marked, med: policy.med };
}

/** The bit 0x40 of the first octet is clear (RFC 4360 §2). */
function isTransitive(community: string): boolean {
  return (Number.parseInt(community.slice(0, 2), 16) & 0x40) === 0;
}

/** Confederation segments stay inside the confederation (RFC 5065 §4.1). */
function prepend(asn: number, path: readonly AsPathSegment[]): readonly AsPathSegment[] {
  const outside = path.filter(({ type }) => type === "sequence" || type === "set");
  const [first] = outside;
  if (first?.type !== "sequence" || first.asns.length === longestSegment) {
    return [{ type: "sequence", asns: [asn] }, ...outside];
  }
  const longer = isLong("sequence", 1 + first.asns.length)
    ? longSequenceOf(asn, first.asns)
    : ({ type: "sequence", asns: withFirst(asn, first.asns) } as const);
  return outside.length === 1 ? [longer] : [longer, ...outside.slice(1)];
}

/** Made of just its length: a spread leaves room for more, and there are many paths. */
function withFirst(asn: number, asns: Asns): number[] {
  const longer = new Array<number>(asns.length + 1);
  longer[0] = asn;
  for (let index = 0; index < asns.length; index++) longer[index + 1] = asns[index] as number;
  return longer;
}
