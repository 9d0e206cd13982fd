import { type Address, addressOctets, type Family, familyOf } from "../../net/address.ts";
import { addressFamily } from "../socket-address.ts";
import {
  attribute,
  concat,
  encodeMessage,
  type NetlinkRequest,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
  nested,
  u32,
} from "./message.ts";
import {
  type KernelNextHop,
  type RouteTarget,
  RT_TABLE_MAIN,
  RTA_DST,
  RTA_GATEWAY,
  RTA_MULTIPATH,
  RTA_OIF,
  RTA_PRIORITY,
  RTA_VIA,
  RTM_DELROUTE,
  RTM_NEWROUTE,
  RTN_BLACKHOLE,
  RTN_UNICAST,
  RTNEXTHOP,
  RTPROT_FE80,
  RTPROT_STATIC,
} from "./route.ts";

/** Where in a request about a route the length of its prefix is, and where its network begins. */
export const LENGTH_AT = 17;
export const NETWORK_AT = 32;

/** Behind connected routes, whose metric is 0 (IPv4) or 256 (IPv6), so that replacing never hits one; FRR's is 20. */
const METRIC: Readonly<Record<Family, number>> = { 4: 20, 6: 1024 };

// linux/rtnetlink.h
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RT_SCOPE_NOWHERE = 255;
const RTN_UNSPEC = 0;

/** A whole request that installs a route of ours in place of the one that is there: at no moment is there none. The prefix is to be filled in. */
export function replaceRequest(family: Family, target: RouteTarget): Uint8Array {
  const onLink = target !== "blackhole" && target.every(({ gateway }) => gateway === undefined);
  const scope = onLink && family === 4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  const type = target === "blackhole" ? RTN_BLACKHOLE : RTN_UNICAST;
  const body = concat(head(family, { scope, type }), ...encodeTarget(family, target));
  const flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE;
  return request(RTM_NEWROUTE, flags, body);
}

/** A whole request that deletes a route of ours, wherever it goes. Fails with ESRCH if there is none. */
export function deleteRequest(family: Family): Uint8Array {
  const body = head(family, { scope: RT_SCOPE_NOWHERE, type: RTN_UNSPEC });
  return request(RTM_DELROUTE, NLM_F_REQUEST, body);
}

/** Sends all that has no better way to a next hop, as an administrator would. Fails with EEXIST if something does already. */
export function addDefaultRoute(family: Family, nextHop: KernelNextHop): NetlinkRequest {
  const kind = { scope: RT_SCOPE_UNIVERSE, type: RTN_UNICAST, protocol: RTPROT_STATIC };
  return {
    operation: ["add route", `IPv${family} default`],
    type: RTM_NEWROUTE,
    flags: NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL,
    body: concat(head(family, kind), ...encodeTarget(family, [nextHop])),
  };
}

function request(type: number, flags: number, body: Uint8Array): Uint8Array {
  return encodeMessage({ operation: ["route", ""], type, flags, body }, 0);
}

/** `struct rtmsg`, destination and metric. */
function head(
  family: Family,
  { scope, type, protocol = RTPROT_FE80 }: { scope: number; type: number; protocol?: number },
): Uint8Array {
  return concat(
    Uint8Array.of(addressFamily[family], 0, 0, 0, RT_TABLE_MAIN, protocol, scope, type, 0, 0, 0, 0),
    attribute(RTA_DST, new Uint8Array(family === 4 ? 4 : 16)),
    attribute(RTA_PRIORITY, u32(METRIC[family])),
  );
}

function encodeTarget(family: Family, target: RouteTarget): Uint8Array[] {
  if (target === "blackhole") return [];
  const [only, ...others] = target;
  if (only && others.length === 0) {
    return [attribute(RTA_OIF, u32(only.ifindex)), ...encodeGateway(family, only.gateway)];
  }
  return [nested(RTA_MULTIPATH, ...target.map((nextHop) => encodeNextHop(family, nextHop)))];
}

/** `struct rtnexthop`, its weight 1. */
function encodeNextHop(family: Family, { ifindex, gateway }: KernelNextHop): Uint8Array {
  const octets = concat(new Uint8Array(RTNEXTHOP), ...encodeGateway(family, gateway));
  const view = new DataView(octets.buffer);
  view.setUint16(0, octets.length, true);
  view.setInt32(4, ifindex, true);
  return octets;
}

function encodeGateway(family: Family, gateway: Address | undefined): Uint8Array[] {
  if (gateway === undefined) return [];
  const octets = addressOctets(gateway);
  const via = familyOf(gateway);
  if (via === family) return [attribute(RTA_GATEWAY, octets)];
  // A `struct rtvia` of 18 octets: the attribute is padded to 24.
  return [attribute(RTA_VIA, concat(Uint8Array.of(addressFamily[via], 0), octets))];
}
