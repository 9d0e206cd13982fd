import fc from "fast-check";
import type {
  AsPathSegment,
  Capability,
  NextHop,
  Open,
  PathAttributes,
  RawAttribute,
} from "../../../src/bgp/wire/message.ts";
import { type Address, formatAddress, isLinkLocal, routerIdFromNumber } from "../../../src/net/address.ts";
import { type Asn, isAsn } from "../../../src/net/asn.ts";
import { formatPrefix, type Prefix } from "../../../src/net/prefix.ts";
import { empty, type TextMessage, type TextUpdate } from "./octets.ts";

/** Messages as they come out of decoding, so that encoding and decoding must give the very same. */

/** Records of plain objects, as decoding makes them. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model, { noNullPrototype: true });
const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const octets = (options: { minLength?: number; maxLength: number }) => fc.uint8Array(options);
const asn = fc.oneof(u16, u32).filter(isAsn) as fc.Arbitrary<Asn>;
const anyAsn = fc.oneof(u16, u32).filter((value) => value !== 0);
const absentOr = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const digits = fc
  .uint8Array({ minLength: 8, maxLength: 8 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const routerId = u32.filter((id) => id > 0).map(routerIdFromNumber);

const KNOWN_CAPABILITIES = [1, 2, 5, 6, 9, 64, 65, 69, 70, 73];

const name = fc.string({ unit: "binary", maxLength: 20 });

/** Any but the four-octet ASN, which must agree with the OPEN around it. */
const capability: fc.Arbitrary<Capability> = fc.oneof(
  record({ type: fc.constant("multiprotocol" as const), afi: u16, safi: u8 }),
  record({ type: fc.constant("routeRefresh" as const) }),
  record({
    type: fc.constant("extendedNextHop" as const),
    entries: fc.array(record({ afi: u16, safi: u16, nextHopAfi: u16 }), { maxLength: 4 }),
  }),
  record({ type: fc.constant("extendedMessage" as const) }),
  record({ type: fc.constant("role" as const), role: u8 }),
  record({
    type: fc.constant("gracefulRestart" as const),
    restarting: fc.boolean(),
    notification: fc.boolean(),
    restartTime: fc.integer({ min: 0, max: 4095 }),
    families: fc.array(record({ afi: u16, safi: u8, forwarding: fc.boolean() }), { maxLength: 3 }),
  }),
  record({
    type: fc.constant("addPath" as const),
    entries: fc.array(record({ afi: u16, safi: u8, mode: fc.integer({ min: 1, max: 3 }) }), { maxLength: 3 }),
  }),
  record({ type: fc.constant("enhancedRouteRefresh" as const) }),
  record({ type: fc.constant("fqdn" as const), hostname: name, domain: name }),
  record({
    type: fc.constant("unknown" as const),
    code: u8.filter((code) => !KNOWN_CAPABILITIES.includes(code)),
    value: octets({ maxLength: 60 }),
  }),
);

export const open: fc.Arbitrary<Open> = record({
  asn,
  holdTime: u16.filter((seconds) => seconds === 0 || seconds > 2),
  routerId,
  before: fc.array(capability, { maxLength: 8 }),
  after: fc.array(capability, { maxLength: 4 }),
}).map(({ before, after, ...fields }) => ({
  type: "open",
  ...fields,
  capabilities: [...before, { type: "fourOctetAsn", asn: fields.asn }, ...after],
}));

export function prefixes(family: 4 | 6, { minLength = 1 } = {}): fc.Arbitrary<Prefix[]> {
  const size = family === 4 ? 4 : 16;
  const one = fc
    .tuple(octets({ minLength: size, maxLength: size }), fc.integer({ min: 0, max: size * 8 }))
    .map(([address, length]) => formatPrefix(address, length));
  return fc.uniqueArray(one, { minLength, maxLength: 12 });
}

const ipv6 = octets({ minLength: 16, maxLength: 16 });
const linkLocal = ipv6.map((bytes) => formatAddress(Uint8Array.of(0xfe, 0x80, ...bytes.subarray(2))));
const globalIpv6 = ipv6
  .map((bytes) => formatAddress(Uint8Array.of(0x20, ...bytes.subarray(1))))
  .filter((address) => !isLinkLocal(address));
const ipv4NextHop = octets({ minLength: 4, maxLength: 4 })
  .filter(([first = 0]) => first !== 0 && first !== 127 && first < 224)
  .map((bytes) => ({ global: formatAddress(bytes) }));
const ipv6NextHop: fc.Arbitrary<NextHop> = fc.oneof(
  linkLocal.map((address) => ({ linkLocal: address })),
  globalIpv6.map((address) => ({ global: address })),
  record({ global: globalIpv6, linkLocal }),
);

const segment: fc.Arbitrary<AsPathSegment> = record({
  type: fc.constantFrom("sequence" as const, "set" as const),
  asns: fc.array(anyAsn, { minLength: 1, maxLength: 20 }),
});

/** Attribute codes that no implementation gives a meaning to here. */
const unknownAttributes: fc.Arbitrary<RawAttribute[]> = fc
  .uniqueArray(
    record({
      flags: fc.constant(0xe0),
      code: fc.integer({ min: 200, max: 254 }),
      value: octets({ maxLength: 300 }),
    }),
    { minLength: 1, maxLength: 3, selector: ({ code }) => code },
  )
  .map((list) => list.toSorted((a, b) => a.code - b.code));

export const attributes: fc.Arbitrary<PathAttributes> = record({
  origin: fc.constantFrom("igp" as const, "egp" as const, "incomplete" as const),
  asPath: fc.array(segment, { maxLength: 4 }),
  med: absentOr(u32),
  atomicAggregate: absentOr(fc.constant(true)),
  aggregator: absentOr(
    record({ asn: anyAsn, address: octets({ minLength: 4, maxLength: 4 }).map(formatAddress) }),
  ),
  communities: absentOr(fc.array(u32, { minLength: 1, maxLength: 80 })),
  extendedCommunities: absentOr(fc.array(digits, { minLength: 1, maxLength: 40 })),
  largeCommunities: absentOr(
    fc.uniqueArray(fc.tuple(u32, u32, u32), { minLength: 1, maxLength: 30, selector: String }),
  ),
  onlyToCustomer: absentOr(u32),
  unknown: absentOr(unknownAttributes),
})
  .map(withoutUndefined)
  .chain((path) => partialOf(path).map((partial) => (partial.length > 0 ? { ...path, partial } : path)));

/** Those of its attributes that may have come with the Partial bit, some of them. */
function partialOf(path: PathAttributes): fc.Arbitrary<number[]> {
  const codes = [
    path.aggregator && 7,
    path.communities && 8,
    path.extendedCommunities && 16,
    path.largeCommunities && 32,
    path.onlyToCustomer !== undefined && 35,
  ];
  return fc.subarray(codes.filter((code) => typeof code === "number"));
}

/** What only speakers of the same AS tell each other. */
export const internalAttributes: fc.Arbitrary<Partial<PathAttributes>> = record({
  localPref: absentOr(u32),
  originatorId: absentOr(routerId),
  clusterList: absentOr(fc.array(routerId, { minLength: 1, maxLength: 5 })),
}).map(withoutUndefined);

const announcement = fc.oneof(
  record({ nextHop: ipv4NextHop as fc.Arbitrary<{ global: Address }>, prefixes: prefixes(4) }),
  record({ nextHop: ipv6NextHop, prefixes: fc.oneof(prefixes(4), prefixes(6)) }),
);

/** One UPDATE that fits one message: it withdraws, or announces, or ends a RIB, as the encoder keeps these apart. */
export const update: fc.Arbitrary<TextUpdate> = fc.oneof(
  fc.oneof(prefixes(4), prefixes(6)).map((withdrawn) => ({ ...empty, withdrawn })),
  fc.constantFrom(4 as const, 6 as const).map((endOfRib) => ({ ...empty, endOfRib })),
  fc
    .record({ announcement, attributes })
    .map(({ announcement, attributes }) => ({ ...empty, announced: [announcement], attributes })),
);

export const routeRefresh = record({
  type: fc.constant("routeRefresh" as const),
  afi: u16,
  subtype: u8,
  safi: u8,
});

export const message: fc.Arbitrary<TextMessage> = fc.oneof(
  open,
  update,
  record({
    type: fc.constant("notification" as const),
    code: u8,
    subcode: u8,
    data: octets({ maxLength: 300 }),
  }),
  fc.constant({ type: "keepalive" as const }),
  routeRefresh,
);

/** `exactOptionalPropertyTypes`: what is absent has no key. */
function withoutUndefined<T extends object>(value: T): PathAttributes {
  return Object.fromEntries(
    Object.entries(value).filter(([, v]) => v !== undefined),
  ) as unknown as PathAttributes;
}
