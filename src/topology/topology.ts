import type { LogLevel } from "../bgp/config/config.ts";
import type { Policy } from "../bgp/policy/policy.ts";
import type { Address, RouterId } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import type { Endpoint } from "../net/endpoint.ts";
import type { Prefix } from "../net/prefix.ts";
import type { Check } from "./expect.ts";
import type { HostAddress } from "./host-fields.ts";
import type { Places } from "./places.ts";
import type { Routing } from "./routing-text.ts";
import type { SessionOptions } from "./session-options.ts";
import type { Step } from "./step.ts";

/** A router's kind: which program routes in it. */
export const kindNames = ["speaker", "bird", "frr", "gobgp", "openbgpd", "exabgp"] as const;

export type KindName = (typeof kindNames)[number];

/** What a router runs in: a network namespace of this machine, or a container. */
export const runtimeNames = ["netns", "docker"] as const;

export type RuntimeName = (typeof runtimeNames)[number];

/** What a topology file says, checked and with every default filled in. */
export interface Topology {
  readonly name: string;
  /** In the order of the file; a router's place, counted from 1, gives its defaults. */
  readonly routers: readonly Router[];
  /** Every two routers that are linked, in the order of the file. */
  readonly links: readonly Link[];
  /** Those that three or more of them share, in the order of the file. */
  readonly segments: readonly Segment[];
  /** In the order of the file. */
  readonly hosts: readonly Host[];
  /** By name. */
  readonly policies: ReadonlyMap<string, Policy>;
  /** Where each part of it is written. */
  readonly places: Places;
  readonly expect: Expect;
  /** What is done to it once it has converged, in this order. */
  readonly steps: readonly Step[];
}

export interface Router {
  readonly name: string;
  readonly kind: KindName;
  readonly asn: Asn;
  readonly routerId: RouterId;
  /** The router's link-local address, the same on each of its interfaces. */
  readonly linkLocal: Address;
  /** With the prefixes of its hosts behind its own. */
  readonly originate: readonly Prefix[];
  readonly logLevel: LogLevel;
  /** Added to the configuration of a program that is not ours, word for word. */
  readonly config?: string;
  /** Not there if it runs in a namespace. */
  readonly container?: Container;
  readonly routing: Routing;
  /** What each of its sessions is told unless its link says otherwise. */
  readonly session: SessionOptions;
}

/** The container of a router. */
export interface Container {
  /** Its image; null for fe80's own. */
  readonly image: string | null;
  /** Octets; null for no limit. */
  readonly memory: number | null;
  /** How many processors' time; null for no limit. */
  readonly cpus: number | null;
}

/** What links two or more interfaces. */
interface Medium {
  /** Octets. */
  readonly mtu: number;
  /** Null for a wire as fast and sure as the kernel makes it. */
  readonly conditions: Conditions | null;
}

/** A cable between two interfaces. */
export interface Wire<End extends WireEnd = WireEnd> extends Medium {
  readonly ends: readonly [End, End];
}

/** A link that three or more routers share, each two of which have a link of `Topology.links` on it. */
export interface Segment extends Medium {
  readonly ends: readonly LinkEnd[];
}

export interface WireEnd extends Endpoint {
  /** The interface's number in its namespace; the plan chooses if undefined. */
  readonly ifindex: number | undefined;
  /** The plan chooses if undefined. */
  readonly mac: string | undefined;
}

/** What befalls the packets that an end of a wire sends. */
export interface Conditions {
  /** Bits per second; null for no limit. */
  readonly rate: number | null;
  /** Microseconds. */
  readonly delay: number;
  /** Microseconds by which the delay varies. */
  readonly jitter: number;
  /** Share of the packets, 0 to 1. */
  readonly loss: number;
}

/** Two routers that can have a session: by a wire, or on a link that they share with others. */
export interface Link extends Wire<LinkEnd> {
  /** Whether its session must come up, may stay down, or is not there at all. */
  readonly expect: "established" | "down" | "none";
  /** The place in `Topology.segments` of the shared link; null for a wire of its own. */
  readonly segment: number | null;
}

export interface LinkEnd extends WireEnd {
  readonly session: SessionOptions;
}

/** A machine without BGP behind a router. */
export interface Host {
  readonly name: string;
  readonly linkLocal: Address;
  readonly addresses: readonly HostAddress[];
  /** The host's end comes first. */
  readonly wire: Wire;
}

/** When a lab counts as converged. */
export interface Expect {
  /** How long convergence may take, from the start of the speakers. */
  readonly withinMs: number;
  /** How long nothing may change before the lab is said to have converged. */
  readonly settleMs: number;
  /** How long all must be as expected without a break; at once if not there. */
  readonly forMs?: number;
  /** How long it may take until the last change; as long as `withinMs` allows if not there. */
  readonly convergesWithinMs?: number;
  /** What else must be true then. */
  readonly checks?: readonly Check[];
}
