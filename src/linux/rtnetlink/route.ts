import { type Address, addressOctets, type Family, familyOf, formatAddress } from "../../net/address.ts";
import { formatPrefix, type Prefix, prefixFamily, prefixParts } from "../../net/prefix.ts";
import { addressFamily } from "../socket-address.ts";
import {
  attribute,
  concat,
  decodeAttributes,
  type NetlinkRequest,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
  readU32,
  u32,
  viewOf,
} from "./message.ts";

/** A unicast route of the main table. */
export interface KernelRoute {
  readonly prefix: Prefix;
  /** Who put it there: a number of rtnetlink(7), e.g. {@link RTPROT_FE80}. */
  readonly protocol: number;
  readonly ifindex: number;
  /** May be IPv6 for an IPv4 prefix (RFC 8950); undefined if the prefix is on the link. */
  readonly gateway: Address | undefined;
}

/** The protocol number of routes that an fe80 speaker installs, as `ip route` shows it; no other program's. */
export const RTPROT_FE80 = 80;

/** Behind connected routes, whose metric is 0 (IPv4) or 256 (IPv6), so that replacing never hits one; FRR's is 20. */
const METRIC: Readonly<Record<Family, number>> = { 4: 20, 6: 1024 };

// linux/rtnetlink.h
export const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const RTM_GETROUTE = 26;
const RTA_DST = 1;
const RTA_OIF = 4;
const RTA_GATEWAY = 5;
const RTA_PRIORITY = 6;
const RTA_VIA = 18;
const RT_TABLE_MAIN = 254;
const RTN_UNICAST = 1;
const RT_SCOPE_UNIVERSE = 0;
const RT_SCOPE_LINK = 253;
const RTM_F_CLONED = 0x200;

/** Octets of a `struct rtmsg`. */
const RTMSG = 12;

/** Fails with EEXIST if the prefix has a route of ours. */
export function addRoute(route: KernelRoute): NetlinkRequest {
  const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
  return { operation: ["add route", route.prefix], type: RTM_NEWROUTE, flags, body: encodeRoute(route) };
}

/** Adds the route, in place of the one that is there: at no moment is there none. */
export function replaceRoute(route: KernelRoute): NetlinkRequest {
  const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  return { operation: ["replace route", route.prefix], type: RTM_NEWROUTE, flags, body: encodeRoute(route) };
}

/** Deletes the route of a prefix, whatever its gateway. Fails with ESRCH if the protocol has none. */
export function deleteRoute({ prefix, protocol }: Pick<KernelRoute, "prefix" | "protocol">): NetlinkRequest {
  return {
    operation: ["delete route", prefix],
    type: RTM_DELROUTE,
    flags: NLM_F_REQUEST | NLM_F_ACK,
    // RT_SCOPE_NOWHERE, 255, matches any scope.
    body: concat(rtmsg({ prefix, protocol, scope: 255 }), ...destination(prefix)),
  };
}

/** Lists routes of a family; the kernel also tells of others' routes: see {@link decodeRoute}. */
export function dumpRoutes(family: Family): NetlinkRequest {
  const body = new Uint8Array(RTMSG);
  body[0] = addressFamily[family];
  return {
    operation: ["list", `IPv${family} routes`],
    type: RTM_GETROUTE,
    flags: NLM_F_REQUEST | NLM_F_DUMP,
    body,
  };
}

/** @param body of an RTM_NEWROUTE; undefined if it is no unicast route of the main table with one next hop */
export function decodeRoute(body: Uint8Array): KernelRoute | undefined {
  if (body.length < RTMSG) return undefined;
  const [family, length = 0, , , table, protocol = 0, , type] = body;
  const cloned = (viewOf(body).getUint32(8, true) & RTM_F_CLONED) !== 0;
  if (table !== RT_TABLE_MAIN || type !== RTN_UNICAST || cloned) return undefined;
  const octets = family === addressFamily[4] ? 4 : family === addressFamily[6] ? 16 : 0;
  const attributes = decodeAttributes(body.subarray(RTMSG));
  const network = attributes.get(RTA_DST) ?? new Uint8Array(octets);
  const ifindex = readU32(attributes.get(RTA_OIF));
  if (octets === 0 || network.length !== octets || length > 8 * octets || ifindex === undefined)
    return undefined;
  return { prefix: formatPrefix(network, length), protocol, ifindex, gateway: readGateway(attributes) };
}

function readGateway(attributes: ReadonlyMap<number, Uint8Array>): Address | undefined {
  // A `struct rtvia` is a family of two octets and an address.
  const octets = attributes.get(RTA_GATEWAY) ?? attributes.get(RTA_VIA)?.subarray(2);
  return octets?.length === 4 || octets?.length === 16 ? formatAddress(octets) : undefined;
}

function encodeRoute(route: KernelRoute): Uint8Array {
  const { prefix, protocol, ifindex, gateway } = route;
  const onLink = gateway === undefined && prefixFamily(prefix) === 4;
  return concat(
    rtmsg({ prefix, protocol, scope: onLink ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE }),
    ...destination(prefix),
    attribute(RTA_OIF, u32(ifindex)),
    ...(gateway === undefined ? [] : [encodeGateway(prefixFamily(prefix), gateway)]),
  );
}

function encodeGateway(family: Family, gateway: Address): Uint8Array {
  const octets = addressOctets(gateway);
  const via = familyOf(gateway);
  if (via === family) return attribute(RTA_GATEWAY, octets);
  return attribute(RTA_VIA, concat(Uint8Array.of(addressFamily[via], 0), octets));
}

function destination(prefix: Prefix): Uint8Array[] {
  const metric = attribute(RTA_PRIORITY, u32(METRIC[prefixFamily(prefix)]));
  return [attribute(RTA_DST, prefixParts(prefix).octets), metric];
}

function rtmsg(fields: { prefix: Prefix; protocol: number; scope: number }): Uint8Array {
  const family = addressFamily[prefixFamily(fields.prefix)];
  const length = prefixParts(fields.prefix).length;
  return Uint8Array.of(
    ...[family, length, 0, 0, RT_TABLE_MAIN, fields.protocol, fields.scope, RTN_UNICAST],
    ...[0, 0, 0, 0],
  );
}
