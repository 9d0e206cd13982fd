import type { Address, Family } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import type { Prefix } from "../net/prefix.ts";
import type { SessionEnd } from "../net/session-name.ts";
import type { Place } from "./source.ts";

/** Something that must be true of a lab beside what follows from its links and policies. Plain JSON. */
export type Check = SessionCheck | RouteCheck | RouteCountCheck | KernelCheck | PingCheck;

interface Written {
  /** Where the file asks for it; several checks may come from one place. */
  readonly place?: Place;
}

/** A session; what is not there may be anything. */
export interface SessionCheck extends SessionEnd, Written {
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
  /** How often it has been established again. */
  readonly flaps?: number;
  /** How long it has been Established without a break, at least. */
  readonly uptimeMs?: number;
  /** Parts of what the peer's OPEN announces, in the words of histories and without regard to case. */
  readonly capabilities?: readonly string[];
}

/** The best route of a router to a prefix. */
export interface RouteCheck extends Written {
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
  /** RFC 8092. */
  readonly largeCommunities?: readonly (readonly [number, number, number])[];
  /** RFC 4360, 16 hexadecimal digits each. */
  readonly extendedCommunities?: readonly string[];
  readonly localPref?: number;
  readonly med?: number;
  readonly origin?: "igp" | "egp" | "incomplete";
  /** Of the best one. */
  readonly nextHop?: Address;
  /** A part of the rule that made it the best. */
  readonly decidedBy?: string;
}

/** How many prefixes a router has a route to. */
export interface RouteCountCheck extends Written {
  readonly type: "routeCount";
  readonly router: string;
  readonly count: number;
}

/** A route in a router's kernel, whoever put it there. */
export interface KernelCheck extends Written {
  readonly type: "kernel";
  readonly router: string;
  readonly prefix: Prefix;
  readonly present: boolean;
  /** Interfaces of all next hops, in any order; none if packets must be dropped. */
  readonly via?: readonly string[];
}

/** Whether an echo request is answered (ICMP, ICMPv6). */
export interface PingCheck extends Written {
  readonly type: "ping";
  /** The router or host that asks. */
  readonly router: string;
  /** An address; or a router or host, of which one address of each family is asked. */
  readonly to: string;
  readonly reaches: boolean;
  /** Who passes it on, in this order and nobody else, perhaps by which interface; whatever way if not there. */
  readonly through?: readonly { readonly router: string; readonly ifname?: string }[];
}
