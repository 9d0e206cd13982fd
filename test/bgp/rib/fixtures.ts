import { exportPath } from "../../../src/bgp/rib/export.ts";
import type { Local } from "../../../src/bgp/rib/local.ts";
import { openPolicy, type Peer, type Route } from "../../../src/bgp/rib/route.ts";
import type { AsPathSegment, NextHop, PathAttributes } from "../../../src/bgp/wire/message.ts";
import { type Address, type RouterId, routerIdFromNumber } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { type Prefix, prefix, prefixParts } from "../../../src/net/prefix.ts";
import type { TextUpdate } from "./text.ts";

/** The router under test. */
export const local: Local = {
  asn: asn(65000),
  routerId: "0.0.0.100" as RouterId,
  clusterId: "0.0.0.100" as RouterId,
  multipath: { maximumPaths: 1, asPathRelax: false },
};

export const v4 = prefix("10.0.0.0/24");
export const v6 = prefix("2001:db8::/32");

/** Peer number `n` on `eth<n>`: AS 65000 + n, router id n, fe80::n, and able to do everything. */
export function peerNumber(n: number, differences: Partial<Peer> = {}): Peer {
  return {
    session: differences.ifname ?? `eth${n}`,
    ifname: `eth${n}`,
    asn: asn(65000 + n),
    routerId: routerIdFromNumber(n),
    address: `fe80::${n}` as Address,
    localAddress: "fe80::ff" as Address,
    families: [4, 6],
    extendedNextHop: true,
    enhancedRouteRefresh: false,
    addPathSend: [],
    gracefulRestart: undefined,
    role: null,
    encodingKey: "",
    policy: openPolicy,
    ...differences,
  };
}

/** In the same AS as the router under test. */
export function internalPeer(n: number, differences: Partial<Peer> = {}): Peer {
  return peerNumber(n, { asn: local.asn, ...differences });
}

export function sequence(...asns: number[]): AsPathSegment {
  return { type: "sequence", asns };
}

export function attributes(differences: Partial<PathAttributes> = {}): PathAttributes {
  return { origin: "igp", asPath: [], ...differences };
}

/** Learnt from a peer, by default with just its ASN in the path. */
export function routeFrom(peer: Peer, differences: Partial<PathAttributes> = {}): Route {
  return {
    prefix: v4,
    attributes: attributes({ asPath: [sequence(peer.asn)], ...differences }),
    nextHop: { linkLocal: peer.address },
    peer,
    pathId: 0,
  };
}

export function originatedRoute(differences: Partial<PathAttributes> = {}): Route {
  return { prefix: v4, attributes: attributes(differences), nextHop: undefined, peer: undefined, pathId: 0 };
}

const nothing: TextUpdate = {
  type: "update",
  withdrawn: [],
  announced: [],
  attributes: undefined,
  endOfRib: undefined,
  errors: [],
};

export function endOfRibUpdate(family: 4 | 6): TextUpdate {
  return { ...nothing, endOfRib: family };
}

export function withdrawal(...withdrawn: Prefix[]): TextUpdate {
  return { ...nothing, withdrawn };
}

export function announcement(
  prefixes: readonly Prefix[],
  nextHop: NextHop,
  shared: PathAttributes,
): TextUpdate {
  return { ...nothing, announced: [{ nextHop, prefixes }], attributes: shared };
}

/** What `peer` sends to announce prefixes of its own. */
export function announcementFrom(
  peer: Peer,
  prefixes: readonly Prefix[],
  differences: Partial<PathAttributes> = {},
): TextUpdate {
  return announcement(prefixes, { linkLocal: peer.address }, routeFrom(peer, differences).attributes);
}

/** A route as a peer is told of it, with the next hop that its session puts in; undefined if it is not. */
export function exportRoute(route: Route, peer: Peer, router: Local = local): Route | undefined {
  if (route.peer?.session === peer.session || peer.policy.exportPrefixes?.has(route.prefix) === false) return;
  const { octets: network, length } = prefixParts(route.prefix);
  const family = network.length === 4 ? 4 : 6;
  const leaving = { family, network, length, path: route, from: route.peer } as const;
  const path = exportPath(leaving, peer, router);
  return path && { ...route, ...path, nextHop: path.nextHop ?? { linkLocal: peer.localAddress } };
}

/** That nothing is used for a prefix any more, as `TestRib` says it. */
export function gone(prefix: Prefix) {
  return { prefix, type: "none", via: [], best: undefined } as const;
}
