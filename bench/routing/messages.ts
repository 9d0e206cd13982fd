import { encodeMessage } from "../../src/bgp/wire/header.ts";
import { encodeOpen } from "../../src/bgp/wire/open.ts";
import type { RouterId } from "../../src/net/address.ts";
import { asn as toAsn } from "../../src/net/asn.ts";

/** The two messages that set up a session. */

export const keepalive = encodeMessage("keepalive", new Uint8Array());

/** An OPEN of somebody who speaks of IPv4 unicast, with next hops of either family. */
export function open({
  asn,
  routerId,
  holdTime,
}: {
  asn: number;
  routerId: string;
  holdTime: number;
}): Uint8Array {
  const body = encodeOpen({
    type: "open",
    asn: toAsn(asn),
    holdTime,
    routerId: routerId as RouterId,
    capabilities: [
      { type: "multiprotocol", afi: 1, safi: 1 },
      { type: "extendedNextHop", entries: [{ afi: 1, safi: 1, nextHopAfi: 2 }] },
      { type: "fourOctetAsn", asn },
    ],
  });
  return encodeMessage("open", body);
}
