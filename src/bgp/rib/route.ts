import type { Address, Family, RouterId } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { Prefix } from "../../net/prefix.ts";
import type { Policy } from "../policy/policy.ts";
import type { NextHop, PathAttributes, Role, RouteRefresh, Update } from "../wire/message.ts";

/** An Established session, as routing sees it. */
export interface Peer {
  /** Its name, by which the RIB knows the peer. */
  readonly session: string;
  readonly ifname: string;
  readonly asn: Asn;
  readonly routerId: RouterId;
  readonly address: Address;
  /** Ours on that session: the next hop that we announce, unless its policy has another. */
  readonly localAddress: Address;
  readonly families: readonly Family[];
  /** Whether IPv4 prefixes may be announced with our IPv6 next hop (RFC 8950); without it none are. */
  readonly extendedNextHop: boolean;
  /** Whether both ends mark where all routes of a family begin and end (RFC 7313). */
  readonly enhancedRouteRefresh: boolean;
  /** Families of which it is told every path, not just the best (RFC 7911). */
  readonly addPathSend: readonly Family[];
  /** What the two OPENs say of graceful restart (RFC 4724); undefined if the peer did not tell its capability. */
  readonly gracefulRestart: PeerRestart | undefined;
  /** Ours to the peer (RFC 9234), if both ends have one; null without. */
  readonly role: Role | null;
  /** How messages to it are written: peers with equal ones may be told with the same octets. */
  readonly encodingKey: string;
  readonly policy: PeerPolicy;
}

export interface PeerRestart {
  /** It waits for our End-of-RIB before it tells us anything. */
  readonly restarting: boolean;
  /** Families whose forwarding it kept while it was away: what it told before stays until it ends its table. */
  readonly forwarding: readonly Family[];
}

/** What is done to the routes of one peer. `openPolicy` lets all pass as it is. */
export interface PeerPolicy {
  /** Do not use routes of an external peer whose AS path does not begin with its ASN (RFC 4271 §6.3). */
  readonly enforceFirstAs: boolean;
  /** How often our own ASN may stand in the AS path of a route that is used all the same. */
  readonly allowOwnAs: number;
  /** Take private ASNs (RFC 6996) out of AS paths told to an external peer. */
  readonly removePrivateAs: boolean;
  /** The peer is a client of ours (RFC 4456); of no meaning between ASes. */
  readonly routeReflectorClient: boolean;
  /** More prefixes than that, received and not rejected, end the session; null for any number. */
  readonly prefixLimit: number | null;
  /** An external peer without an import policy tells us nothing, without an export policy it is told nothing (RFC 8212). */
  readonly requirePolicy: boolean;
  /** All that it is told has GRACEFUL_SHUTDOWN (RFC 8326). */
  readonly gracefulShutdown: boolean;
  /** Routes of its with BLACKHOLE (RFC 7999) drop packets, and go no further than our AS. */
  readonly blackhole: boolean;
  /** MULTI_EXIT_DISC of all that it is told; null for that of the route. */
  readonly med: number | null;
  /** Added to all that it is told. */
  readonly communities: readonly number[];
  /** LOCAL_PREF of all that it tells us, and of all that it is told inside our AS; null for that of the route. */
  readonly localPref: number | null;
  /** Of all that it tells us, these are used alone; null for any. */
  readonly importPrefixes: ReadonlySet<Prefix> | null;
  /** It is told of these alone; null for any. */
  readonly exportPrefixes: ReadonlySet<Prefix> | null;
  /** The IPv6 addresses that it is told as next hops, by family of the prefix; our own on that session without one. */
  readonly nextHop: { readonly ipv4?: Address; readonly ipv6?: Address } | null;
  /** Applied to what it tells us, after all the above; null for none. */
  readonly import: Policy | null;
  /** Applied to what it is told, before all the above. */
  readonly export: Policy | null;
}

/** Nothing is done to the routes of a peer. */
export const openPolicy: PeerPolicy = {
  enforceFirstAs: false,
  allowOwnAs: 0,
  removePrivateAs: false,
  routeReflectorClient: false,
  prefixLimit: null,
  requirePolicy: false,
  gracefulShutdown: false,
  blackhole: false,
  med: null,
  communities: [],
  localPref: null,
  importPrefixes: null,
  exportPrefixes: null,
  nextHop: null,
  import: null,
  export: null,
};

/**
 * A path to a prefix: in the Adj-RIB-In of `peer`, or originated here if that is undefined. A view, made when somebody
 * asks; the tables hold numbers.
 */
export interface Route {
  readonly prefix: Prefix;
  /** As the import policy left them. */
  readonly attributes: PathAttributes;
  readonly nextHop: NextHop | undefined;
  readonly peer: Peer | undefined;
  /** The peer's path identifier (RFC 7911); 0 without. */
  readonly pathId: number;
}

/** The routes that are used for a prefix are others now. */
export interface BestChange {
  /** The prefix's number in the RIB's table; good until the next `settle`. */
  readonly id: number;
  readonly family: Family;
  /** Interface and link-local next hop of each route that is used, the best first; empty but for `forward`. */
  readonly via: readonly Via[];
  /** `forward` by `via`; `local` is what the router originates itself; `blackhole` drops packets (RFC 7999); `none` if there is no route any more. */
  readonly type: "forward" | "local" | "blackhole" | "none";
}

/** Where packets go. The same object for all prefixes that go there. */
export interface Via {
  readonly ifname: string;
  readonly address: Address;
}

/** What a RIB tells a peer. */
export type RoutingMessage = Update | RouteRefresh;

/** The same messages for some peers; an announcement without a next hop has that of each one's session. */
export interface Advertisement {
  /** Names of sessions. */
  readonly to: readonly string[];
  readonly messages: readonly RoutingMessage[];
}

/** What a RIB's work leads to; the speaker carries it out, in this order. */
export interface RibEffects {
  readonly changes: readonly BestChange[];
  readonly advertisements: readonly Advertisement[];
}
