import { type Prefix, prefixParts } from "../../net/prefix.ts";

/** 64 bits in two halves. */
export interface Hash {
  readonly low: number;
  readonly high: number;
}

/**
 * What a router's best routes are, in 16 hexadecimal digits: the sum of a hash of each, so that it is the same in whatever
 * order they came, and a change costs what it changes. Two routers, or a router and what is expected of it, that have the same
 * digest and the same number of routes have the same prefixes by the same ways.
 */
export class RouteDigest {
  #low = 0;
  #high = 0;

  /** @param way of {@link hashText} */
  add(prefix: Hash, way: Hash): void {
    this.#low = (this.#low + mixed(prefix.low, way.low)) | 0;
    this.#high = (this.#high + mixed(prefix.high, way.high)) | 0;
  }

  remove(prefix: Hash, way: Hash): void {
    this.#low = (this.#low - mixed(prefix.low, way.low)) | 0;
    this.#high = (this.#high - mixed(prefix.high, way.high)) | 0;
  }

  toString(): string {
    const text = (half: number) => (half >>> 0).toString(16).padStart(8, "0");
    return `${text(this.#high)}${text(this.#low)}`;
  }
}

/** Of a prefix as in an UPDATE: its length and as many octets as it takes (RFC 4271 §4.3). */
export function hashNlri(octets: Uint8Array, isIpv6: boolean): Hash {
  let low = isIpv6 ? 0x3c6e_f372 : 0x6a09_e667;
  let high = isIpv6 ? 0x510e_527f : 0xbb67_ae85;
  for (const octet of octets) {
    low = mixed(low, octet);
    high = mixed(high, octet);
  }
  return { low, high };
}

export function hashPrefix(prefix: Prefix): Hash {
  const { octets, length } = prefixParts(prefix);
  return hashNlri(Uint8Array.of(length, ...octets.subarray(0, (length + 7) >>> 3)), octets.length > 4);
}

/** Of a way in words. */
export function hashText(text: string): Hash {
  let [low, high] = [0x1f83_d9ab, 0x5be0_cd19];
  for (let index = 0; index < text.length; index++) {
    low = mixed(low, text.charCodeAt(index));
    high = mixed(high, text.charCodeAt(index));
  }
  return { low, high };
}

/** Where packets to a prefix go, and what the kernel thinks of that. */
export interface DigestedWay {
  /** Names of the ways that are used, the best first: the interface, with the next hop on a shared link; none at the origin. */
  readonly names: readonly string[];
  /** Packets are dropped (RFC 7999). */
  readonly drops: boolean;
  /** The kernel did not take it. */
  readonly refused: boolean;
}

/** A way in words, in which the order of those that are used beside the best one is no matter. */
export function wayText({ names: [best, ...others], drops, refused }: DigestedWay): string {
  if (best === undefined) return "local";
  const ways = [best, ...others.toSorted()].join();
  return `${ways}${drops ? " dropped" : ""}${refused ? " refused" : ""}`;
}

/** As MurmurHash3 takes in 32 bits, and finishes. */
function mixed(hash: number, value: number): number {
  const block = Math.imul(value, 0xcc9e_2d51);
  const taken = hash ^ Math.imul((block << 15) | (block >>> 17), 0x1b87_3593);
  const half = (Math.imul((taken << 13) | (taken >>> 19), 5) + 0xe654_6b64) | 0;
  const more = Math.imul(half ^ (half >>> 16), 0x85eb_ca6b);
  return more ^ (more >>> 13);
}
