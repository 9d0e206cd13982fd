import type { Address, Family, RouterId } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { NotificationReason } from "./notification.ts";

/** A BGP message (RFC 4271 §4, RFC 2918). */
export type Message = Open | Update | Notification | Keepalive | RouteRefresh;

export interface Open {
  readonly type: "open";
  /** The real ASN: of the four-octet capability if there is one, else of the header field. */
  readonly asn: Asn;
  /** Seconds; 0 for no keepalives. */
  readonly holdTime: number;
  readonly routerId: RouterId;
  readonly capabilities: readonly Capability[];
}

/** What one end can do (RFC 5492). Those that we do not know are kept, so that tools can show them. */
export type Capability =
  | { readonly type: "multiprotocol"; readonly afi: number; readonly safi: number } // RFC 4760 §8, code 1
  | { readonly type: "routeRefresh" } //                                               RFC 2918 §2, code 2
  | { readonly type: "extendedNextHop"; readonly entries: readonly ExtendedNextHop[] } // RFC 8950 §4, code 5
  | { readonly type: "extendedMessage" } //                                            RFC 8654 §3, code 6
  | { readonly type: "role"; readonly role: number } //                                RFC 9234 §4.1, code 9
  | { readonly type: "fourOctetAsn"; readonly asn: number } //                         RFC 6793 §3, code 65
  | ({ readonly type: "gracefulRestart" } & GracefulRestart) //                         RFC 4724 §3, code 64
  | { readonly type: "addPath"; readonly entries: readonly AddPath[] } //              RFC 7911 §4, code 69
  | { readonly type: "enhancedRouteRefresh" } //                                       RFC 7313 §3.1, code 70
  | { readonly type: "fqdn"; readonly hostname: string; readonly domain: string } // draft-walton-bgp-hostname-capability-02, code 73
  | { readonly type: "unknown"; readonly code: number; readonly value: Uint8Array };

/** What a neighbor is to the other, by its number in the capability (RFC 9234 §4.1). */
export const roleNames = ["provider", "rs-server", "rs-client", "customer", "peer"] as const;

export type Role = (typeof roleNames)[number];

export interface ExtendedNextHop {
  readonly afi: number;
  readonly safi: number;
  readonly nextHopAfi: number;
}

/** How a speaker keeps forwarding while it starts again (RFC 4724 §3, RFC 8538 §2). */
export interface GracefulRestart {
  /** It has just started again, and waits for the End-of-RIB markers of its peers (the R bit). */
  readonly restarting: boolean;
  /** A NOTIFICATION other than a hard reset ends a session as gracefully as a lost connection (the N bit). */
  readonly notification: boolean;
  /** Seconds until it is back, 0 to 4095. */
  readonly restartTime: number;
  readonly families: readonly {
    readonly afi: number;
    readonly safi: number;
    /** Its forwarding survived the restart (the F bit). */
    readonly forwarding: boolean;
  }[];
}

/** Whether several paths to a prefix may be received (1), sent (2) or both (3) (RFC 7911 §4). */
export interface AddPath {
  readonly afi: number;
  readonly safi: number;
  readonly mode: number;
}

export interface Notification {
  readonly type: "notification";
  readonly code: number;
  readonly subcode: number;
  readonly data: Uint8Array;
}

export interface Keepalive {
  readonly type: "keepalive";
}

/** RFC 2918 §3. */
export interface RouteRefresh {
  readonly type: "routeRefresh";
  readonly afi: number;
  /** One of `refreshSubtypes`, or any other number, which means nothing (RFC 7313 §5). */
  readonly subtype: number;
  readonly safi: number;
}

/** What a ROUTE-REFRESH says: a request, or where the answer to one begins and ends (RFC 7313 §3.2). */
export const refreshSubtypes = { request: 0, begin: 1, end: 2 } as const;

/**
 * UPDATE, in one form for both encodings: classic fields and MP_REACH_NLRI/MP_UNREACH_NLRI (RFC 4760) of IPv4 and
 * IPv6 unicast. Other address families are skipped while decoding. What is both withdrawn and announced is announced
 * (RFC 4271 §4.3): readers take `withdrawn` first.
 */
export interface Update {
  readonly type: "update";
  readonly withdrawn: readonly Nlri[];
  /** Prefixes by next hop; all share `attributes`. */
  readonly announced: readonly Announcement[];
  /** Present whenever something is announced. */
  readonly attributes: PathAttributes | undefined;
  /** Set if the message is the End-of-RIB marker of that family (RFC 4724 §2). */
  readonly endOfRib: Family | undefined;
  /**
   * What was malformed and yet did not end the session (RFC 7606). After a treat-as-withdraw, all announced
   * prefixes stand in `withdrawn` and `announced` is empty. Empty when encoding.
   */
  readonly errors: readonly AttributeError[];
}

/** An UPDATE that changes nothing. */
export const emptyUpdate: Update = {
  type: "update",
  withdrawn: [],
  announced: [],
  attributes: undefined,
  endOfRib: undefined,
  errors: [],
};

/**
 * Prefixes of one family as octets (RFC 4271 §4.3): checked, so that each is whole and not too long. Host bits may be
 * set; whoever reads them clears them. Often a view of the message that they came in: copy what is to be kept.
 */
export interface Nlri {
  readonly family: Family;
  /** Whether a path identifier of four octets is before each prefix (RFC 7911 §3). */
  readonly addPath: boolean;
  readonly octets: Uint8Array;
}

export interface Announcement {
  /** Without any address it is the sender's own on that session, which whoever sends puts in. */
  readonly nextHop: NextHop;
  readonly nlri: Nlri;
}

/** RFC 2545 §3 and RFC 8950 §3 allow a global and a link-local address together. What was received has at least one. */
export interface NextHop {
  readonly global?: Address;
  readonly linkLocal?: Address;
}

export interface AttributeError {
  readonly approach: "treatAsWithdraw" | "attributeDiscard";
  readonly attribute: number;
  readonly message: string;
}

/** RFC 4271 §5. Nothing in it is a view: it may be kept. */
export interface PathAttributes {
  readonly origin: Origin;
  readonly asPath: readonly AsPathSegment[];
  readonly med?: number;
  readonly localPref?: number;
  readonly atomicAggregate?: boolean;
  readonly aggregator?: { readonly asn: number; readonly address: Address };
  /** RFC 1997, 32 bits each. */
  readonly communities?: readonly number[];
  /** RFC 4456 §8. */
  readonly originatorId?: RouterId;
  /** RFC 4456 §8, the last cluster first. */
  readonly clusterList?: readonly RouterId[];
  /** RFC 4360, 16 hexadecimal digits each. */
  readonly extendedCommunities?: readonly string[];
  /** RFC 8092. */
  readonly largeCommunities?: readonly LargeCommunity[];
  /** The AS that says so: the route must only go on to customers (RFC 9234 §5). */
  readonly onlyToCustomer?: number;
  /** Codes of those above that came with the Partial bit: somebody on the way did not know them (RFC 4271 §5). */
  readonly partial?: readonly number[];
  /** Optional transitive attributes that we do not know, to be passed on with the Partial bit (RFC 4271 §9). */
  readonly unknown?: readonly RawAttribute[];
}

/** Global Administrator and two Local Data Parts, 32 bits each (RFC 8092 §3). */
export type LargeCommunity = readonly [global: number, local1: number, local2: number];

export type Origin = "igp" | "egp" | "incomplete";

export interface AsPathSegment {
  readonly type: "sequence" | "set" | "confedSequence" | "confedSet";
  readonly asns: Asns;
}

/** AS numbers in order, which nobody changes. Long lists are views of memory that they share. */
export type Asns = readonly number[] | Uint32Array;

export interface RawAttribute {
  readonly flags: number;
  readonly code: number;
  readonly value: Uint8Array;
}

/** What the two OPENs settled that changes how messages are read and written. */
export interface Encoding {
  /** ASNs in AS_PATH and AGGREGATOR have four octets (RFC 6793). */
  readonly fourOctetAsn: boolean;
  /** Families for which both ends announced the multiprotocol capability. */
  readonly families: readonly Family[];
  /** IPv4 prefixes may have IPv6 next hops (RFC 8950). */
  readonly extendedNextHop: boolean;
  /** The peer takes messages of up to 65,535 octets (RFC 8654 §4). */
  readonly extendedMessages: boolean;
  /** Whether the peer is in another AS: some attributes are errors there, or to be ignored. */
  readonly external: boolean;
  /** Families whose prefixes have path identifiers, in what the peer sends and in what it is sent (RFC 7911 §4). */
  readonly addPath: { readonly receive: readonly Family[]; readonly send: readonly Family[] };
}

/** The peer broke the protocol: the session must end with this NOTIFICATION. */
export class WireError extends Error {
  override readonly name = "WireError";
  readonly reason: NotificationReason;
  /** Octets that the RFC wants in the NOTIFICATION, often none. */
  readonly data: Uint8Array;

  constructor(reason: NotificationReason, message: string, data: Uint8Array = new Uint8Array()) {
    super(message);
    this.reason = reason;
    this.data = data;
  }
}
