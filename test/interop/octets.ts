/** BGP messages by hand, so that they can be wrong. */

const header = (type: number, body: readonly number[]) => [
  ...new Array<number>(16).fill(0xff),
  ...u16(19 + body.length),
  type,
  ...body,
];

export const u16 = (value: number): number[] => [value >> 8, value & 0xff];
export const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];

export const keepalive = header(4, []);

/** IPv4 unicast over IPv6 next hops, four-octet ASNs, and a hold time that no test outlasts: GoBGP fails with none at all. */
export function open(asn: number, routerId: readonly number[]): number[] {
  const capabilities = [...[1, 4, 0, 1, 0, 1], ...[5, 6, 0, 1, 0, 1, 0, 2], ...[65, 4, ...u32(asn)]];
  const parameters = [2, capabilities.length, ...capabilities];
  return header(1, [4, ...u16(asn), ...u16(600), ...routerId, parameters.length, ...parameters]);
}

/** A path attribute (RFC 4271 §4.3). */
export function attribute(flags: number, code: number, ...value: number[]): number[] {
  return [flags, code, value.length, ...value];
}

export const origin = attribute(0x40, 1, 0);

/** One sequence. */
export function asPath(...asns: number[]): number[] {
  return attribute(0x40, 2, 2, asns.length, ...asns.flatMap(u32));
}

/** One IPv4 prefix with this link-local next hop (RFC 8950). */
export function reach(prefix: string, nextHop: string): number[] {
  return attribute(0x80, 14, 0, 1, 1, 16, ...linkLocal(nextHop), 0, ...nlri(prefix));
}

/** An UPDATE without the fields of RFC 4271 for prefixes. */
export function update(...attributes: number[][]): number[] {
  const octets = attributes.flat();
  return header(2, [0, 0, ...u16(octets.length), ...octets]);
}

function nlri(prefix: string): number[] {
  const [address = "", length] = prefix.split("/");
  const octets = address.split(".").map(Number);
  return [Number(length), ...octets.slice(0, (Number(length) + 7) >> 3)];
}

/** Of `fe80::X`. */
function linkLocal(address: string): number[] {
  return [
    0xfe,
    0x80,
    ...new Array<number>(12).fill(0),
    ...u16(Number.parseInt(address.slice("fe80::".length), 16)),
  ];
}
