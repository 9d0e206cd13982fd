import type { RouterId } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { Peer } from "./route.ts";

/** This router, as routing sees it. */
export interface Local {
  readonly asn: Asn;
  readonly routerId: RouterId;
}

/** Whether the session with a peer is eBGP. */
export function isExternal(peer: Peer, local: Local): boolean {
  return peer.asn !== local.asn;
}
