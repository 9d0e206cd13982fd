import { type Family, isLinkLocal } from "../../net/address.ts";
import { prefixFamily } from "../../net/prefix.ts";
import type { AsPathSegment, NextHop, PathAttributes } from "../wire/message.ts";
import { defaultLocalPref } from "./decision.ts";
import { isExternal, type Local } from "./local.ts";
import type { Peer, PeerPolicy, Route } from "./route.ts";

/** RFC 1997. */
const NO_EXPORT = 0xffffff01;
const NO_ADVERTISE = 0xffffff02;
const NO_EXPORT_SUBCONFED = 0xffffff03;

/** RFC 4271 §4.3: a segment's ASNs are counted in one octet. */
const longestSegment = 255;

/**
 * A best route as it is advertised to a peer, or undefined if it is not.
 *
 * The next hop is never the one that we were told, to iBGP peers neither: it means nothing beyond its own link. A route never goes back out of the interface it came from; RFC 4271 leaves that open,
 * and the peer would only find its own ASN in it. That the peer's ASN stands in the path is no reason to keep quiet:
 * the peer checks that itself.
 */
export function exportRoute(route: Route, peer: Peer, local: Local): Route | undefined {
  if (!carries(peer, route) || !isFor(peer, route, local)) return undefined;
  const external = isExternal(peer, local);
  const attributes = external ? externalAttributes(route, local) : internalAttributes(route, peer.policy);
  return {
    ...route,
    attributes: withPolicy(attributes, peer.policy),
    nextHop: announcedNextHop(peer, prefixFamily(route.prefix)),
  };
}

/** The next hop of all that a peer is told of a family: our link-local address on that session, unless its policy has another. */
export function announcedNextHop({ localAddress, policy }: Peer, family: Family): NextHop {
  const address = policy?.nextHop?.[family === 4 ? "ipv4" : "ipv6"] ?? localAddress;
  return isLinkLocal(address) ? { linkLocal: address } : { global: address };
}

/** Whether the session may and can take the prefix with an IPv6 next hop (RFC 4760, RFC 8950). */
function carries(peer: Peer, { prefix }: Route): boolean {
  const family = prefixFamily(prefix);
  if (!(peer.policy?.exportPrefixes?.has(prefix) ?? true)) return false;
  return peer.families.includes(family) && (family === 6 || peer.extendedNextHop);
}

function isFor(peer: Peer, { peer: from, attributes }: Route, local: Local): boolean {
  if (from?.ifname === peer.ifname) return false;
  const external = isExternal(peer, local);
  if (from && !isExternal(from, local) && !external) return false; // RFC 4271 §9.2: no iBGP to iBGP
  const { communities = [] } = attributes;
  if (communities.includes(NO_ADVERTISE)) return false;
  return !external || !(communities.includes(NO_EXPORT) || communities.includes(NO_EXPORT_SUBCONFED));
}

/** RFC 4271 §5.1.2 a and b, §5.1.5; a MED that another AS gave us goes no further (§5.1.4). */
function externalAttributes(route: Route, local: Local): PathAttributes {
  const { localPref, med, ...rest } = route.attributes;
  const asPath = prepend(local.asn, route.attributes.asPath);
  return route.peer || med === undefined ? { ...rest, asPath } : { ...rest, asPath, med };
}

/** LOCAL_PREF is mandatory inside an AS (RFC 4271 §5.1.5). */
function internalAttributes({ attributes }: Route, policy: PeerPolicy | undefined): PathAttributes {
  return { ...attributes, localPref: policy?.localPref ?? attributes.localPref ?? defaultLocalPref };
}

/** What the peer is told whatever the route says of it (RFC 4271 §5.1.4, RFC 1997). */
function withPolicy(attributes: PathAttributes, policy: PeerPolicy | undefined): PathAttributes {
  if (policy === undefined) return attributes;
  const med = policy.med === null ? {} : { med: policy.med };
  if (policy.communities.length === 0) return { ...attributes, ...med };
  const communities = [...new Set([...(attributes.communities ?? []), ...policy.communities])];
  return { ...attributes, ...med, communities };
}

/** Confederation segments stay inside the confederation (RFC 5065 §4.1). */
function prepend(asn: number, path: readonly AsPathSegment[]): readonly AsPathSegment[] {
  const outside = path.filter(({ type }) => type === "sequence" || type === "set");
  const [first, ...others] = outside;
  if (first?.type === "sequence" && first.asns.length < longestSegment) {
    return [{ type: "sequence", asns: [asn, ...first.asns] }, ...others];
  }
  return [{ type: "sequence", asns: [asn] }, ...outside];
}
