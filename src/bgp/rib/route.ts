import type { Address, Family, RouterId } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { Prefix } from "../../net/prefix.ts";
import type { NextHop, PathAttributes, Update } from "../wire/message.ts";

/** An Established session, as routing sees it. Sessions are unnumbered, so the interface names the peer. */
export interface Peer {
  readonly ifname: string;
  readonly asn: Asn;
  readonly routerId: RouterId;
  readonly address: Address;
  /** Ours on that session: the next hop that we announce. */
  readonly localAddress: Address;
  readonly families: readonly Family[];
  /** Whether IPv4 prefixes may be announced with our IPv6 next hop (RFC 8950); without it none are. */
  readonly extendedNextHop: boolean;
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

/** What an event at the RIB leads to; the speaker carries it out. */
export interface RibEffects {
  readonly changes: readonly BestChange[];
  /** By interface: the UPDATEs to send there, in order. */
  readonly updates: ReadonlyMap<string, readonly Update[]>;
}
