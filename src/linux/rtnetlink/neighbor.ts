import { type Address, addressOctets, familyOf } from "../../net/address.ts";
import { macOctets } from "../mac.ts";
import { addressFamily } from "../socket-address.ts";
import {
  attribute,
  concat,
  type NetlinkRequest,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
  viewOf,
} from "./message.ts";

// linux/rtnetlink.h, linux/neighbour.h
const RTM_NEWNEIGH = 28;
const NDA_DST = 1;
const NDA_LLADDR = 2;
const NUD_STALE = 0x04;
const NTF_EXT_LEARNED = 0x10;

/** Octets of a `struct ndmsg`. */
const NDMSG = 12;

/**
 * Tells the kernel a neighbor's link-layer address, which it goes on to verify and to learn anew as ever.
 *
 * Such an entry does not count against `gc_thresh3`: all namespaces of a machine share one table, and of what they find
 * out themselves it holds no more than 1,024 (kernel: Documentation/networking/ip-sysctl.rst).
 */
export function addNeighbor(added: {
  readonly ifindex: number;
  readonly address: Address;
  readonly mac: string;
}): NetlinkRequest {
  const { ifindex, address, mac } = added;
  const ndmsg = new Uint8Array(NDMSG);
  const view = viewOf(ndmsg);
  view.setUint8(0, addressFamily[familyOf(address)]);
  view.setInt32(4, ifindex, true);
  view.setUint16(8, NUD_STALE, true);
  view.setUint8(10, NTF_EXT_LEARNED);
  return {
    operation: ["add neighbor", `${address} ${mac}`],
    type: RTM_NEWNEIGH,
    flags: NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE,
    body: concat(ndmsg, attribute(NDA_DST, addressOctets(address)), attribute(NDA_LLADDR, macOctets(mac))),
  };
}
