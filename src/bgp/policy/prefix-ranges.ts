import { type Prefix, prefixParts } from "../../net/prefix.ts";
import type { PrefixRange } from "./policy.ts";

/** Prefixes that begin alike: by that beginning, which lengths match. */
interface Group {
  /** 4 or 16. */
  readonly octets: number;
  /** Bits that they have in common. */
  readonly length: number;
  readonly lengths: ReadonlyMap<string, readonly (readonly [ge: number, le: number])[]>;
}

/** Whether a prefix is in one of some ranges; it takes as long as there are different lengths among them, not as many as they are. */
export function compilePrefixRanges(
  ranges: readonly PrefixRange[],
): (network: Uint8Array, length: number) => boolean {
  const groups = groupsOf(ranges);
  return (network, length) =>
    groups.some((group) => {
      if (group.octets !== network.length || group.length > length) return false;
      const lengths = group.lengths.get(beginning(network, group.length));
      return lengths?.some(([ge, le]) => ge <= length && length <= le) === true;
    });
}

/** Whether an address, as octets, is in one of some prefixes. */
export function compileNextHops(prefixes: readonly Prefix[]): (address: Uint8Array) => boolean {
  const inside = compilePrefixRanges(
    prefixes.map((prefix) => ({ prefix, ge: 0, le: 8 * prefixParts(prefix).octets.length })),
  );
  return (address) => inside(address, 8 * address.length);
}

function groupsOf(ranges: readonly PrefixRange[]): Group[] {
  const groups = new Map<string, Group & { lengths: Map<string, [number, number][]> }>();
  for (const { prefix, ge, le } of ranges) {
    const { octets, length } = prefixParts(prefix);
    const key = `${octets.length} ${length}`;
    const group = groups.get(key) ?? { octets: octets.length, length, lengths: new Map() };
    groups.set(key, group);
    const common = beginning(octets, length);
    group.lengths.set(common, [...(group.lengths.get(common) ?? []), [ge, le]]);
  }
  return [...groups.values()];
}

/** The first bits of some octets, as a key. */
function beginning(octets: Uint8Array, length: number): string {
  let key = "";
  for (let index = 0; 8 * index < length; index++) {
    const bits = Math.min(8, length - 8 * index);
    key += String.fromCharCode((octets[index] ?? 0) & (0xff00 >>> bits));
  }
  return key;
}
