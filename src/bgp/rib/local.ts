import type { RouterId } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { Peer } from "./route.ts";

/** This router, as routing sees it. */
export interface Local {
  readonly asn: Asn;
  readonly routerId: RouterId;
  /** Of the routes that we reflect (RFC 4456 §7); the router id unless several reflectors share one. */
  readonly clusterId: RouterId;
  readonly multipath: Multipath;
}

/** How many routes to a prefix are used at once, and when two count as equal. */
export interface Multipath {
  /** 1 for the best alone. */
  readonly maximumPaths: number;
  /** AS paths need only be of the same length, not the same. */
  readonly asPathRelax: boolean;
}

/** Whether the session with a peer is eBGP. */
export function isExternal(peer: Peer, local: Local): boolean {
  return peer.asn !== local.asn;
}
