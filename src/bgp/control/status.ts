import type { Address, Family, RouterId } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { Endpoint } from "../../net/endpoint.ts";
import type { Prefix } from "../../net/prefix.ts";

/** What is known of some routers at one moment; every kind of router is seen in this shape. Plain JSON. */
export interface Status {
  readonly routers: readonly RouterStatus[];
  readonly sessions: readonly SessionStatus[];
  readonly routes: readonly RouteStatus[];
  /** Of the speaker that tells; not there for others. */
  readonly process?: ProcessStatus;
}

/** What a speaker's process takes. Memory is in octets. */
export interface ProcessStatus {
  readonly pid: number;
  readonly upMs: number;
  readonly cpuMs: number;
  readonly memory: number;
  readonly peakMemory: number;
  readonly fileDescriptors: number;
  /** By how much it came too late to what it had to do at a certain time (event-loop lag), since it started. */
  readonly lateMs: { readonly median: number; readonly p99: number; readonly most: number };
}

export interface RouterStatus {
  readonly router: string;
  readonly asn: Asn;
  readonly routerId: RouterId;
  /** How many prefixes it has a best route to, if it tells: `routes` has none of them if they are more than 100,000. */
  readonly routeCount?: number;
  /** Of all of them (`route-digest.ts`); only where they were not all asked for one by one. */
  readonly digest?: string;
  /** How often any of them has changed; only grows, and comes with the digest. */
  readonly changeCount?: number;
}

/** RFC 4271 §8.2.2. */
export type StateName = "Idle" | "Connect" | "Active" | "OpenSent" | "OpenConfirm" | "Established";

export interface SessionStatus extends Endpoint {
  /** Its name: the interface's, or on a shared link with the peer's address, as in `eth0/fe80::3`. */
  readonly session: string;
  readonly state: StateName;
  /** When it came into this state: ISO 8601, UTC; null if unknown. */
  readonly since: string | null;
  /** From the peer's OPEN; null while no connection has one. */
  readonly peerAsn: Asn | null;
  readonly peerRouterId: RouterId | null;
  /** What the peer's OPEN calls it (FQDN capability). */
  readonly peerHostname: string | null;
  /** The peer's link-local address as discovered, or as connected from. */
  readonly peerAddress: Address | null;
  /** Our end of the connection, or the interface's link-local address without one. */
  readonly localAddress: Address | null;
  /** Routers heard on the interface, the first heard first; more than one on a shared link. The first one is dialed, or the one that the session is told. */
  readonly neighbors: readonly Address[];
  /** Changes whenever the session runs over another TCP connection; null without one. */
  readonly connectionId: string | null;
  /** Who opened that connection: outbound is ours. */
  readonly direction: "inbound" | "outbound" | null;
  /** Negotiated, in seconds; null until both OPENs are known. */
  readonly holdTime: number | null;
  /** Address families that both ends announced. */
  readonly families: readonly Family[];
  /** How often the session has become Established; only grows. */
  readonly establishedCount: number;
  /** Why the last connection or dial ended, e.g. `"received NOTIFICATION 2/2 (bad peer AS)"` or `"connect: ECONNREFUSED"`. */
  readonly lastError: string | null;
  /** What must happen next, for a session that is not Established, e.g. `"a Router Advertisement on eth0"`. */
  readonly waitingFor: string | null;
  /** State transitions, oldest first; the speaker keeps the last 32. */
  readonly history: readonly Transition[];
}

export interface Transition {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly from: StateName;
  readonly to: StateName;
  /** The event that caused it, in the log's words, e.g. `"keepalive message"`. */
  readonly event: string;
}

/** The best route to a prefix in a router's Loc-RIB. */
export interface RouteStatus {
  readonly router: string;
  readonly prefix: Prefix;
  /** Interface of the next hop; null where the router originates the prefix. */
  readonly via: string | null;
  readonly nextHop: Address | null;
  /** Name of the session that it came over; null where the router originates the prefix. */
  readonly session: string | null;
  /** Where packets go: by all routes that are used at once, the best first. Empty where the router originates the prefix, or drops packets (RFC 7999). */
  readonly nextHops: readonly NextHopStatus[];
  /** ASNs as in `show ip bgp`, sets in braces; empty for an originated route. */
  readonly asPath: string;
  /** The rule of the decision process that made it the best, e.g. `"shortest AS path"`. */
  readonly decidedBy: string;
  /** `"installed"`, `"connected"` for an originated prefix, `"kept out"` where none is to be installed, or what the kernel said, e.g. `"refused: EINVAL"`. */
  readonly kernel: string;
}

export interface NextHopStatus {
  readonly via: string;
  readonly nextHop: Address;
}

/** What a speaker tells of each change, after one `status`. */
export type StatusEvent =
  | ({ readonly type: "status" } & Status)
  | { readonly type: "session"; readonly session: SessionStatus }
  /** Best routes have changed that are told in a digest alone. */
  | { readonly type: "router"; readonly router: RouterStatus }
  | { readonly type: "route"; readonly route: RouteStatus }
  | { readonly type: "routeGone"; readonly router: string; readonly prefix: Prefix };
