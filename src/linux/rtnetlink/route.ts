import { type Address, type Family, formatAddress } from "../../net/address.ts";
import { formatPrefix, type Prefix } from "../../net/prefix.ts";
import { addressFamily } from "../socket-address.ts";
import {
  type Attributes,
  decodeAttributes,
  type NetlinkRequest,
  NLM_F_DUMP,
  NLM_F_REQUEST,
  readU32,
  viewOf,
} from "./message.ts";

/** A route of the main table. */
export interface KernelRoute {
  readonly prefix: Prefix;
  /** Who put it there: a number of rtnetlink(7), e.g. {@link RTPROT_FE80}. */
  readonly protocol: number;
  readonly target: RouteTarget;
}

/** Where packets go: over one of these, or nowhere. */
export type RouteTarget = readonly KernelNextHop[] | "blackhole";

export interface KernelNextHop {
  readonly ifindex: number;
  /** May be IPv6 for an IPv4 prefix (RFC 8950); undefined if the prefix is on the link. */
  readonly gateway: Address | undefined;
}

/** The protocol number of routes that an fe80 speaker installs, as `ip route` shows it; no other program's. */
export const RTPROT_FE80 = 80;

/** Routes that people put there: by `ip route add`, and with `proto static`. */
export const RTPROT_BOOT = 3;
export const RTPROT_STATIC = 4;

// linux/rtnetlink.h
export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
const RTM_GETROUTE = 26;
export const RTA_DST = 1;
export const RTA_OIF = 4;
export const RTA_GATEWAY = 5;
export const RTA_PRIORITY = 6;
export const RTA_MULTIPATH = 9;
export const RTA_VIA = 18;
export const RT_TABLE_MAIN = 254;
export const RTN_UNICAST = 1;
export const RTN_BLACKHOLE = 6;
const RTM_F_CLONED = 0x200;

/** Octets of a `struct rtmsg`, and of a `struct rtnexthop`. */
export const RTMSG = 12;
export const RTNEXTHOP = 8;

/** Lists routes of a family in the main table, of one protocol alone, unless that is null, where the kernel filters (NETLINK_GET_STRICT_CHK). */
export function dumpRoutes(family: Family, protocol: number | null): NetlinkRequest {
  const body = new Uint8Array(RTMSG);
  body[0] = addressFamily[family];
  body[4] = RT_TABLE_MAIN;
  body[5] = protocol ?? 0;
  return {
    operation: ["list", `IPv${family} routes`],
    type: RTM_GETROUTE,
    flags: NLM_F_REQUEST | NLM_F_DUMP,
    body,
  };
}

/** @param body of an RTM_NEWROUTE or RTM_DELROUTE; undefined if it is no unicast or blackhole route of the main table */
export function decodeRoute(body: Uint8Array): KernelRoute | undefined {
  if (body.length < RTMSG) return undefined;
  const [family, length = 0, , , table, protocol = 0, , type] = body;
  const cloned = (viewOf(body).getUint32(8, true) & RTM_F_CLONED) !== 0;
  if (table !== RT_TABLE_MAIN || cloned) return undefined;
  const octets = family === addressFamily[4] ? 4 : family === addressFamily[6] ? 16 : 0;
  const attributes = decodeAttributes(body.subarray(RTMSG));
  const network = attributes.get(RTA_DST) ?? new Uint8Array(octets);
  const target = type === RTN_BLACKHOLE ? "blackhole" : type === RTN_UNICAST ? nextHops(attributes) : [];
  if (octets === 0 || network.length !== octets || length > 8 * octets || target.length === 0)
    return undefined;
  return { prefix: formatPrefix(network, length), protocol, target };
}

function nextHops(attributes: Attributes): KernelNextHop[] {
  const several = attributes.get(RTA_MULTIPATH);
  if (several) return decodeMultipath(several);
  const ifindex = readU32(attributes.get(RTA_OIF));
  return ifindex === undefined ? [] : [{ ifindex, gateway: readGateway(attributes) }];
}

/** A sequence of `struct rtnexthop`, each with attributes; a length that cannot be ends it. */
function decodeMultipath(octets: Uint8Array): KernelNextHop[] {
  const view = viewOf(octets);
  const found: KernelNextHop[] = [];
  for (let at = 0; at + RTNEXTHOP <= octets.length; ) {
    const length = view.getUint16(at, true);
    if (length < RTNEXTHOP || at + length > octets.length) break;
    const attributes = decodeAttributes(octets.subarray(at + RTNEXTHOP, at + length));
    found.push({ ifindex: view.getInt32(at + 4, true), gateway: readGateway(attributes) });
    at += (length + 3) & ~3;
  }
  return found;
}

function readGateway(attributes: Attributes): Address | undefined {
  // A `struct rtvia` is a family of two octets and an address.
  const octets = attributes.get(RTA_GATEWAY) ?? attributes.get(RTA_VIA)?.subarray(2);
  return octets?.length === 4 || octets?.length === 16 ? formatAddress(octets) : undefined;
}
