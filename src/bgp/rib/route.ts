import type { Address, Family, RouterId } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { Prefix } from "../../net/prefix.ts";
import type { NextHop, PathAttributes, RouteRefresh, Update } from "../wire/message.ts";

/** An Established session, as routing sees it. Sessions are unnumbered, so the interface names the peer. */
export interface Peer {
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
  /** Whether the peer told its graceful restart capability, and so ends its first table with an End-of-RIB (RFC 4724). */
  readonly gracefulRestart: boolean;
  /** Nothing is done to its routes without one. */
  readonly policy?: PeerPolicy;
}

/** What is done to the routes of one peer. */
export interface PeerPolicy {
  /** Do not use routes of an external peer whose AS path does not begin with its ASN (RFC 4271 §6.3). */
  readonly enforceFirstAs: boolean;
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
}

/** A path to a prefix: in the Adj-RIB-In of `peer`, or originated here if that is undefined. */
export interface Route {
  readonly prefix: Prefix;
  readonly attributes: PathAttributes;
  readonly nextHop: NextHop | undefined;
  readonly peer: Peer | undefined;
}

/** The best route to a prefix is now another, or none. */
export interface BestChange {
  readonly prefix: Prefix;
  readonly best: { readonly route: Route; readonly decidedBy: string } | undefined;
}

/** What a RIB tells a peer. */
export type RoutingMessage = Update | RouteRefresh;

/** What an event at the RIB leads to; the speaker carries it out. */
export interface RibEffects {
  readonly changes: readonly BestChange[];
  /** By interface: what to send there, in order. */
  readonly messages: ReadonlyMap<string, readonly RoutingMessage[]>;
}
