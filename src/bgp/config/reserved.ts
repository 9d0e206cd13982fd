import { type Prefix, prefix, prefixParts } from "../../net/prefix.ts";

/** Blocks that hold no address a router could have, or forward to (RFC 6890). */
const reservedBlocks = [
  { block: "127.0.0.0/8", use: "loopback" },
  { block: "169.254.0.0/16", use: "link-local" },
  { block: "224.0.0.0/4", use: "multicast" },
  { block: "255.255.255.255/32", use: "the broadcast address" },
  { block: "0.0.0.0/8", use: "no unicast prefix (RFC 1122 §3.2.1.3)" },
  { block: "::/128", use: "the unspecified address" },
  { block: "::1/128", use: "loopback" },
  { block: "fe80::/10", use: "link-local" },
  { block: "ff00::/8", use: "multicast" },
].map(({ block, use }) => ({ ...prefixParts(prefix(block)), use }));

/** Why no router may originate the prefix, e.g. `"multicast"`; undefined if one may. */
export function reservedUse(value: Prefix): string | undefined {
  const { octets, length } = prefixParts(value);
  const found = reservedBlocks.find(
    (block) => block.length <= length && startsWith(octets, block.octets, block.length),
  );
  return found?.use;
}

/** Whether two addresses of one family have the same first bits. */
function startsWith(octets: Uint8Array, other: Uint8Array, bits: number): boolean {
  if (octets.length !== other.length) return false;
  return octets.every((octet, index) => {
    const mask = (0xff00 >> Math.max(0, Math.min(8, bits - 8 * index))) & 0xff;
    return ((octet ^ (other[index] ?? 0)) & mask) === 0;
  });
}
