import { type Address, addressOctets, type Family, familyOf, formatAddress } from "../../net/address.ts";
import { addressFamily } from "../socket-address.ts";
import {
  attribute,
  concat,
  decodeAttributes,
  type NetlinkRequest,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
  readU32,
  u32,
  viewOf,
} from "./message.ts";

/** An address of an interface. */
export interface InterfaceAddress {
  readonly ifindex: number;
  readonly address: Address;
  /** Bits of the prefix that is on the link. */
  readonly length: number;
  /** Duplicate address detection has not finished, or has failed: it cannot be used (RFC 4862 §5.4). */
  readonly tentative: boolean;
}

// linux/rtnetlink.h
export const RTM_NEWADDR = 20;
export const RTM_DELADDR = 21;
const RTM_GETADDR = 22;

// linux/if_addr.h
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_FLAGS = 8;
const IFA_F_NODAD = 0x02;
const IFA_F_DADFAILED = 0x08;
const IFA_F_TENTATIVE = 0x40;

/** Octets of a `struct ifaddrmsg`. */
const IFADDRMSG = 8;

/** What an interface is given. */
interface Added {
  readonly ifindex: number;
  readonly address: Address;
  readonly length: number;
}

/** Gives an interface an address that it may use at once, without duplicate address detection. It may have it already. */
export function addAddress(added: Added): NetlinkRequest {
  return newAddress(added, IFA_F_NODAD);
}

/**
 * The same where nobody looks for duplicates anyway (`accept_dad` is 0), but an IPv6 address is tentative until the kernel delivers what
 * comes for it: it sees to that a moment later, and until then even sends it back.
 */
export function addTentativeAddress(added: Added): NetlinkRequest {
  return newAddress(added, 0);
}

function newAddress({ ifindex, address, length }: Added, addressFlags: number): NetlinkRequest {
  const octets = addressOctets(address);
  return {
    operation: ["add address", `${address}/${length}`],
    type: RTM_NEWADDR,
    flags: NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE,
    body: concat(
      ifaddrmsg({ family: familyOf(address), length, ifindex }),
      attribute(IFA_LOCAL, octets),
      attribute(IFA_ADDRESS, octets),
      attribute(IFA_FLAGS, u32(addressFlags)),
    ),
  };
}

export function deleteAddress(deleted: Added): NetlinkRequest {
  return {
    operation: ["delete address", `${deleted.address}/${deleted.length}`],
    type: RTM_DELADDR,
    flags: NLM_F_REQUEST | NLM_F_ACK,
    body: concat(
      ifaddrmsg({ family: familyOf(deleted.address), length: deleted.length, ifindex: deleted.ifindex }),
      attribute(IFA_LOCAL, addressOctets(deleted.address)),
    ),
  };
}

export function dumpAddresses(): NetlinkRequest {
  return {
    operation: ["list", "addresses"],
    type: RTM_GETADDR,
    flags: NLM_F_REQUEST | NLM_F_DUMP,
    body: new Uint8Array(IFADDRMSG),
  };
}

/** @param body of an RTM_NEWADDR or RTM_DELADDR; undefined if it is neither IPv4 nor IPv6 */
export function decodeAddress(body: Uint8Array): InterfaceAddress | undefined {
  if (body.length < IFADDRMSG) return undefined;
  const view = viewOf(body);
  const attributes = decodeAttributes(body.subarray(IFADDRMSG));
  // On a point-to-point link IFA_ADDRESS is the other end's; IPv6 has no IFA_LOCAL elsewhere.
  const octets = attributes.get(IFA_LOCAL) ?? attributes.get(IFA_ADDRESS);
  const octetsOfFamily = body[0] === addressFamily[4] ? 4 : body[0] === addressFamily[6] ? 16 : undefined;
  if (!octets || octets.length !== octetsOfFamily) return undefined;
  const flags = readU32(attributes.get(IFA_FLAGS)) ?? view.getUint8(2);
  return {
    ifindex: view.getUint32(4, true),
    address: formatAddress(octets),
    length: view.getUint8(1),
    tentative: (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) !== 0,
  };
}

function ifaddrmsg(fields: { family: Family; length: number; ifindex: number }): Uint8Array {
  const octets = new Uint8Array(IFADDRMSG);
  const view = viewOf(octets);
  view.setUint8(0, addressFamily[fields.family]);
  view.setUint8(1, fields.length);
  view.setUint32(4, fields.ifindex, true);
  return octets;
}
