import type { Local } from "../../../src/bgp/rib/local.ts";
import type { Peer, PeerPolicy, Route } from "../../../src/bgp/rib/route.ts";
import type { AsPathSegment, NextHop, PathAttributes, Update } from "../../../src/bgp/wire/message.ts";
import { type Address, type RouterId, routerIdFromNumber } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { type Prefix, prefix } from "../../../src/net/prefix.ts";

/** The router under test. */
export const local: Local = { asn: asn(65000), routerId: "0.0.0.100" as RouterId };

export const v4 = prefix("10.0.0.0/24");
export const v6 = prefix("2001:db8::/32");

/** Peer number `n` on `eth<n>`: AS 65000 + n, router id n, fe80::n, and able to do everything. */
export function peerNumber(n: number, differences: Partial<Peer> = {}): Peer {
  return {
    ifname: `eth${n}`,
    asn: asn(65000 + n),
    routerId: routerIdFromNumber(n),
    address: `fe80::${n}` as Address,
    localAddress: "fe80::ff" as Address,
    families: [4, 6],
    extendedNextHop: true,
    enhancedRouteRefresh: false,
    gracefulRestart: false,
    ...differences,
  };
}

/** A policy that changes nothing. */
export const noPolicy: PeerPolicy = {
  enforceFirstAs: false,
  med: null,
  communities: [],
  localPref: null,
  importPrefixes: null,
  exportPrefixes: null,
  nextHop: null,
};

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
  };
}

export function originatedRoute(differences: Partial<PathAttributes> = {}): Route {
  return { prefix: v4, attributes: attributes(differences), nextHop: undefined, peer: undefined };
}

const nothing: Update = {
  type: "update",
  withdrawn: [],
  announced: [],
  attributes: undefined,
  endOfRib: undefined,
  errors: [],
};

export function endOfRibUpdate(family: 4 | 6): Update {
  return { ...nothing, endOfRib: family };
}

export function withdrawal(...withdrawn: Prefix[]): Update {
  return { ...nothing, withdrawn };
}

export function announcement(prefixes: readonly Prefix[], nextHop: NextHop, shared: PathAttributes): Update {
  return { ...nothing, announced: [{ nextHop, prefixes }], attributes: shared };
}

/** What `peer` sends to announce prefixes of its own. */
export function announcementFrom(
  peer: Peer,
  prefixes: readonly Prefix[],
  differences: Partial<PathAttributes> = {},
): Update {
  return announcement(prefixes, { linkLocal: peer.address }, routeFrom(peer, differences).attributes);
}
