import { formatMac, macOctets } from "../mac.ts";
import {
  attribute,
  concat,
  decodeAttributes,
  type NetlinkRequest,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REQUEST,
  nested,
  readText,
  readU32,
  text,
  u32,
  viewOf,
} from "./message.ts";

/** An interface as the kernel shows it. */
export interface Link {
  readonly ifindex: number;
  readonly ifname: string;
  /** `""` where there is none. */
  readonly mac: string;
  readonly mtu: number;
  /** IFF_UP: set so by somebody. */
  readonly up: boolean;
  /** IFF_RUNNING: up, and able to carry packets (RFC 2863 operational state). */
  readonly running: boolean;
}

export interface VethEnd {
  readonly ifname: string;
  /** The kernel's choice if undefined. */
  readonly ifindex: number | undefined;
  /** The kernel's choice if undefined. */
  readonly mac: string | undefined;
  /** Index of the bridge of which it is a port. */
  readonly bridge?: number;
}

// linux/rtnetlink.h, linux/if.h
export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
const RTM_GETLINK = 18;
const IFF_UP = 0x1;
const IFF_RUNNING = 0x40;

// linux/if_link.h, linux/veth.h
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_MTU = 4;
const IFLA_MASTER = 10;
const IFLA_LINKINFO = 18;
const IFLA_NET_NS_FD = 28;
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const VETH_INFO_PEER = 1;
const IFLA_BR_STP_STATE = 5;
const IFLA_BR_MCAST_SNOOPING = 23;

/** Octets of a `struct ifinfomsg`. */
const IFINFOMSG = 16;

/**
 * Makes a veth pair with both ends in place: the first in the socket's namespace, the second behind `peerNetnsFd`.
 *
 * Neither end is ever seen elsewhere or under another name. Both are down.
 */
export function addVeth(options: {
  readonly ends: readonly [VethEnd, VethEnd];
  readonly mtu: number;
  readonly peerNetnsFd: number;
}): NetlinkRequest {
  const [end, peer] = options.ends;
  const peerNetns = attribute(IFLA_NET_NS_FD, u32(options.peerNetnsFd));
  const peerInfo = nested(VETH_INFO_PEER, describe(peer, options.mtu), peerNetns);
  const kind = attribute(IFLA_INFO_KIND, text("veth"));
  return {
    operation: ["add link", `${end.ifname} with peer ${peer.ifname}`],
    type: RTM_NEWLINK,
    flags: NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL,
    body: concat(describe(end, options.mtu), nested(IFLA_LINKINFO, kind, nested(IFLA_INFO_DATA, peerInfo))),
  };
}

/**
 * Makes a bridge that forwards as soon as a port is up, and all multicast to all ports: without the Spanning Tree Protocol,
 * and without MLD snooping, which would keep discovery from ports whose groups it has not heard of yet. It is down.
 */
export function addBridge({
  ifname,
  mtu,
}: {
  readonly ifname: string;
  readonly mtu: number;
}): NetlinkRequest {
  const data = [attribute(IFLA_BR_STP_STATE, u32(0)), attribute(IFLA_BR_MCAST_SNOOPING, Uint8Array.of(0))];
  const kind = attribute(IFLA_INFO_KIND, text("bridge"));
  return {
    operation: ["add bridge", ifname],
    type: RTM_NEWLINK,
    flags: NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL,
    body: concat(
      describe({ ifname, ifindex: undefined, mac: undefined }, mtu),
      nested(IFLA_LINKINFO, kind, nested(IFLA_INFO_DATA, ...data)),
    ),
  };
}

export function setLinkUp(ifname: string): NetlinkRequest {
  return setFlags(ifname, IFF_UP);
}

export function setLinkDown(ifname: string): NetlinkRequest {
  return setFlags(ifname, 0);
}

/** Of one end of a veth pair: the other has its own. */
export function setMtu(ifname: string, mtu: number): NetlinkRequest {
  return {
    operation: ["set mtu of link", `${ifname} to ${mtu}`],
    type: RTM_NEWLINK,
    flags: NLM_F_REQUEST | NLM_F_ACK,
    body: concat(ifinfomsg({}), attribute(IFLA_IFNAME, text(ifname)), attribute(IFLA_MTU, u32(mtu))),
  };
}

/** Of a veth pair either end takes the other with it. */
export function deleteLink(ifname: string): NetlinkRequest {
  return {
    operation: ["delete link", ifname],
    type: RTM_DELLINK,
    flags: NLM_F_REQUEST | NLM_F_ACK,
    body: concat(ifinfomsg({}), attribute(IFLA_IFNAME, text(ifname))),
  };
}

/**
 * Asks for one link, which makes the kernel settle its operational state first.
 *
 * It otherwise does so up to a second after the carrier comes, where both ends of a veth have the same index: it takes
 * them for devices of their own, whose changes are not urgent (linkwatch_urgent_event; since Linux 6.8 or so).
 */
export function getLink(ifname: string): NetlinkRequest {
  return {
    operation: ["get link", ifname],
    type: RTM_GETLINK,
    flags: NLM_F_REQUEST | NLM_F_ACK,
    body: concat(ifinfomsg({}), attribute(IFLA_IFNAME, text(ifname))),
  };
}

export function dumpLinks(): NetlinkRequest {
  return {
    operation: ["list", "links"],
    type: RTM_GETLINK,
    flags: NLM_F_REQUEST | NLM_F_DUMP,
    body: ifinfomsg({}),
  };
}

/** @param body of an RTM_NEWLINK or RTM_DELLINK; undefined if it is none of a plain link */
export function decodeLink(body: Uint8Array): Link | undefined {
  // Bridges tell of their ports in messages of the same type and another family.
  if (body.length < IFINFOMSG || body[0] !== 0) return undefined;
  const view = viewOf(body);
  const flags = view.getUint32(8, true);
  const attributes = decodeAttributes(body.subarray(IFINFOMSG));
  return {
    ifindex: view.getInt32(4, true),
    ifname: readText(attributes.get(IFLA_IFNAME)) ?? "",
    mac: formatMac(attributes.get(IFLA_ADDRESS) ?? new Uint8Array()),
    mtu: readU32(attributes.get(IFLA_MTU)) ?? 0,
    up: (flags & IFF_UP) !== 0,
    running: (flags & IFF_RUNNING) !== 0,
  };
}

function setFlags(ifname: string, flags: number): NetlinkRequest {
  return {
    operation: [flags & IFF_UP ? "set up link" : "set down link", ifname],
    type: RTM_NEWLINK,
    flags: NLM_F_REQUEST | NLM_F_ACK,
    body: concat(ifinfomsg({ flags, change: IFF_UP }), attribute(IFLA_IFNAME, text(ifname))),
  };
}

function describe({ ifindex, ifname, mac, bridge }: VethEnd, mtu: number): Uint8Array {
  return concat(
    ifinfomsg({ ifindex: ifindex ?? 0 }),
    attribute(IFLA_IFNAME, text(ifname)),
    ...(mac === undefined ? [] : [attribute(IFLA_ADDRESS, macOctets(mac))]),
    attribute(IFLA_MTU, u32(mtu)),
    ...(bridge === undefined ? [] : [attribute(IFLA_MASTER, u32(bridge))]),
  );
}

function ifinfomsg(fields: { ifindex?: number; flags?: number; change?: number }): Uint8Array {
  const octets = new Uint8Array(IFINFOMSG);
  const view = viewOf(octets);
  view.setInt32(4, fields.ifindex ?? 0, true);
  view.setUint32(8, fields.flags ?? 0, true);
  view.setUint32(12, fields.change ?? 0, true);
  return octets;
}
