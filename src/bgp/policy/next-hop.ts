import { type Address, isLinkLocal } from "../../net/address.ts";
import type { NextHop } from "../wire/message.ts";

/** A next hop of one IPv6 address, link-local or global. */
export function nextHopBy(address: Address): NextHop {
  return isLinkLocal(address) ? { linkLocal: address } : { global: address };
}
