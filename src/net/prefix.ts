import {
  type Address,
  addressOctets,
  type Family,
  familyOf,
  formatAddress,
  parseAddress,
} from "./address.ts";

/** An IPv4 or IPv6 prefix in canonical text with no host bits set, e.g. `"10.0.0.0/24"`: equal prefixes are equal strings. */
export type Prefix = string & { readonly __brand: "Prefix" };

/** Why a text is not a prefix. */
export type PrefixProblem =
  | { readonly type: "malformed" }
  | { readonly type: "hostBits"; readonly network: Prefix };

/** Reads `ADDRESS/LENGTH`; host bits are a problem of their own, so that a hint can name the network. */
export function parsePrefix(text: string): Prefix | PrefixProblem {
  const [, host = "", digits = ""] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const address = parseAddress(host);
  if (address === undefined || digits === "") return { type: "malformed" };
  const octets = addressOctets(address);
  const length = Number(digits);
  if (length > octets.length * 8) return { type: "malformed" };
  const network = formatPrefix(octets, length);
  return network === `${address}/${length}` ? network : { type: "hostBits", network };
}

/** @throws {RangeError} if `text` is not a prefix; for constants and tests */
export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (typeof parsed !== "string") throw new RangeError(`"${text}" is not a prefix`);
  return parsed;
}

/** The prefix of `length` bits that holds an address of 4 or 16 octets; bits beyond the length are cleared. */
export function formatPrefix(octets: Uint8Array, length: number): Prefix {
  const network = octets.map((octet, index) => octet & maskOctet(length - 8 * index));
  return `${formatAddress(network)}/${length}` as Prefix;
}

/** The parts of a prefix: all 4 or 16 octets of its address, and its length in bits. */
export function prefixParts(value: Prefix): { address: Address; octets: Uint8Array; length: number } {
  const slash = value.lastIndexOf("/");
  const address = value.slice(0, slash) as Address;
  return { address, octets: addressOctets(address), length: Number(value.slice(slash + 1)) };
}

export function prefixFamily(value: Prefix): Family {
  return familyOf(value as string as Address);
}

/** Where a router that originates the prefix answers: its first host address, or its only one. */
export function firstHost(value: Prefix): Address {
  const { octets, length } = prefixParts(value);
  const host = octets.slice();
  const last = host.length - 1;
  if (length < host.length * 8 - 1) host[last] = (host[last] ?? 0) | 1;
  return formatAddress(host);
}

/** An octet with its first `bits` bits set; below 0 none, above 8 all. */
function maskOctet(bits: number): number {
  return (0xff << (8 - Math.max(0, Math.min(8, bits)))) & 0xff;
}
