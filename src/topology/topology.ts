import type { LogLevel } from "../bgp/config/config.ts";
import type { Policy } from "../bgp/policy/policy.ts";
import type { Address, RouterId } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import type { Endpoint } from "../net/endpoint.ts";
import type { Prefix } from "../net/prefix.ts";
import type { Routing } from "./routing-text.ts";
import type { SessionOptions } from "./session-options.ts";

/** A node's type: which program routes in it. */
export type KindName = "speaker" | "bird";

/** What a topology file says, checked and with every default filled in. */
export interface Topology {
  readonly name: string;
  /** In the order of the file; a router's place, counted from 1, gives its defaults. */
  readonly routers: readonly Router[];
  readonly links: readonly Link[];
  /** By name. */
  readonly policies: ReadonlyMap<string, Policy>;
  readonly expect: Expect;
}

export interface Router {
  readonly name: string;
  readonly kind: KindName;
  readonly asn: Asn;
  readonly routerId: RouterId;
  /** The router's link-local address, the same on each of its interfaces. */
  readonly linkLocal: Address;
  readonly originate: readonly Prefix[];
  readonly logLevel: LogLevel;
  readonly routing: Routing;
  /** What each of its sessions is told unless its link says otherwise. */
  readonly session: SessionOptions;
}

export interface Link {
  readonly ends: readonly [LinkEnd, LinkEnd];
  /** Octets. */
  readonly mtu: number;
}

export interface LinkEnd extends Endpoint {
  /** The interface's number in its namespace; the kernel chooses if undefined. */
  readonly ifindex: number | undefined;
  readonly session: SessionOptions;
}

/** When a lab counts as converged. */
export interface Expect {
  /** How long convergence may take, from the start of the speakers. */
  readonly withinMs: number;
  /** How long nothing may change before the lab is said to have converged. */
  readonly settleMs: number;
}
