import { reservedUse } from "../bgp/config/reserved.ts";
import { type Address, addressOctets } from "../net/address.ts";
import { firstHost, formatPrefix, type Prefix } from "../net/prefix.ts";

/**
 * Where a router answers in the prefixes that it originates: the first host of each.
 *
 * Nested prefixes may share it. A default route has no host of its own: its first would be 0.0.0.1 or ::1.
 */
export function loopbackAddresses(originate: readonly Prefix[]): Address[] {
  const hosts = originate.map(firstHost).filter((host) => reservedUse(wholePrefix(host)) === undefined);
  return [...new Set(hosts)];
}

/** The prefix of an address alone. */
export function wholePrefix(address: Address): Prefix {
  const octets = addressOctets(address);
  return formatPrefix(octets, octets.length * 8);
}
