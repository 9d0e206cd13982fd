import type { Family } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import type { Prefix } from "../net/prefix.ts";
import type { SessionEnd } from "../net/session-name.ts";

/** Something that must be true of a lab beside what follows from its links and policies. Plain JSON. */
export type Check = SessionCheck | RouteCheck | RouteCountCheck | KernelCheck | PingCheck;

/** A session; what is not there may be anything. */
export interface SessionCheck extends SessionEnd {
  readonly type: "session";
  /** A state of RFC 4271 §8.2.2, or `"down"` for any but Established. */
  readonly state?: string;
  /** All that both ends announce, no more and no less. */
  readonly families?: readonly Family[];
  /** As negotiated, in seconds. */
  readonly holdTime?: number;
  readonly peerAsn?: Asn;
  /** A part of why the last connection ended. */
  readonly lastError?: string;
}

/** The best route of a router to a prefix. */
export interface RouteCheck {
  readonly type: "route";
  readonly router: string;
  readonly prefix: Prefix;
  /** False if there must be none. */
  readonly present: boolean;
  /** Interfaces of all that is used at once, in any order; none for an origin. */
  readonly via?: readonly string[];
  /** As `show ip bgp` has it. */
  readonly asPath?: string;
  /** All of them must be there, others may. */
  readonly communities?: readonly number[];
  readonly localPref?: number;
  readonly med?: number;
}

/** How many prefixes a router has a route to. */
export interface RouteCountCheck {
  readonly type: "routeCount";
  readonly router: string;
  readonly count: number;
}

/** A route in a router's kernel, whoever put it there. */
export interface KernelCheck {
  readonly type: "kernel";
  readonly router: string;
  readonly prefix: Prefix;
  readonly present: boolean;
  /** Interfaces of all next hops, in any order; none if packets must be dropped. */
  readonly via?: readonly string[];
}

/** Whether an echo request is answered (ICMP, ICMPv6). */
export interface PingCheck {
  readonly type: "ping";
  /** The router or host that asks. */
  readonly router: string;
  /** An address; or a router or host, of which one address of each family is asked. */
  readonly to: string;
  readonly reaches: boolean;
}
