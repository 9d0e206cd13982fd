import { type Prefix, prefix, prefixParts } from "../../net/prefix.ts";

/** Blocks that hold no address a router could have, or forward to (RFC 6890). */
const reservedBlocks: readonly (readonly [Prefix, string])[] = [
  [prefix("127.0.0.0/8"), "loopback"],
  [prefix("169.254.0.0/16"), "link-local"],
  [prefix("224.0.0.0/4"), "multicast"],
  [prefix("255.255.255.255/32"), "the broadcast address"],
  [prefix("0.0.0.0/8"), "no unicast prefix (RFC 1122 §3.2.1.3)"],
  [prefix("::/128"), "the unspecified address"],
  [prefix("::1/128"), "loopback"],
  [prefix("fe80::/10"), "link-local"],
  [prefix("ff00::/8"), "multicast"],
];

/** Why no router may originate the prefix, e.g. `"multicast"`; undefined if one may. */
export function reservedUse(value: Prefix): string | undefined {
  return reservedBlocks.find(([block]) => contains(block, value))?.[1];
}

function contains(outer: Prefix, inner: Prefix): boolean {
  const { octets, length } = prefixParts(outer);
  const other = prefixParts(inner);
  if (other.octets.length !== octets.length || other.length < length) return false;
  return octets.every((octet, index) => {
    const mask = (0xff00 >> Math.max(0, Math.min(8, length - 8 * index))) & 0xff;
    return ((octet ^ (other.octets[index] ?? 0)) & mask) === 0;
  });
}
