import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import type { AsPathSegment, Encoding, PathAttributes } from "../../../src/bgp/wire/message.ts";
import type { Address } from "../../../src/net/address.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { decodeFields, empty, modern, roundTrip, type TextUpdate } from "./octets.ts";

/** AS_PATH and AS4_PATH as a two-octet peer sends them, and the AS path that they mean together. */
const twoOctets: Encoding = { ...modern, fourOctetAsn: false, external: false };

function attributesOf(attributes: string): PathAttributes | undefined {
  const around = `40010100 400304 c0000201 ${attributes}`;
  return decodeFields({ attributes: around, nlri: "00" }, twoOctets).attributes;
}

const sequence = (...asns: number[]): AsPathSegment => ({ type: "sequence", asns });
const set = (...asns: number[]): AsPathSegment => ({ type: "set", asns });

const cases: { name: string; attributes: string; asPath: AsPathSegment[] }[] = [
  { name: "AS_PATH alone", attributes: "400206 0202 fc00 5ba0", asPath: [sequence(64512, 23456)] },
  {
    name: "the same length",
    attributes: "400206 0202 fc00 5ba0 c0110a 0202 0000fc00 00010000",
    asPath: [sequence(64512, 65536)],
  },
  {
    name: "a two-octet speaker has prepended itself",
    attributes: "400208 0203 0064 fc00 5ba0 c0110a 0202 0000fc00 00010000",
    asPath: [sequence(100, 64512, 65536)],
  },
  {
    name: "an AS4_PATH longer than AS_PATH is ignored",
    attributes: "400204 0201 5ba0 c0110a 0202 0000fc00 00010000",
    asPath: [sequence(23456)],
  },
  {
    name: "a set counts as one AS",
    attributes: "40020c 0102 0001 0002 0202 5ba0 5ba0 c01106 0201 00010000",
    asPath: [set(1, 2), sequence(23456, 65536)],
  },
  {
    name: "a cut in front of a set",
    attributes: "40020a 0201 0064 0102 0001 5ba0 c0110a 0102 00000001 00010000",
    asPath: [sequence(100), set(1, 65536)],
  },
  {
    name: "leading confederation segments are kept and count for nothing",
    attributes: "40020c 0302 0001 0002 0202 0064 5ba0 c01106 0201 00010000",
    asPath: [{ type: "confedSequence", asns: [1, 2] }, sequence(100, 65536)],
  },
  {
    name: "confederation segments in AS4_PATH are dropped (RFC 6793 §6)",
    attributes: "400204 0201 5ba0 c0110c 0301 00000005 0201 00010000",
    asPath: [sequence(65536)],
  },
];

for (const { name, attributes, asPath } of cases) {
  t.test(`the AS path of a two-octet peer: ${name} (RFC 6793 §4.2.3)`, async (t) => {
    t.strictSame(attributesOf(attributes)?.asPath, asPath);
  });
}

const path = "400206 0202 fc00 5ba0 c0110a 0202 0000fc00 00010000";

t.test("AS4_AGGREGATOR stands for an AGGREGATOR of AS_TRANS (RFC 6793 §4.2.3)", async (t) => {
  const attributes = attributesOf(`${path} c00706 5ba0 0a000001 c01208 00010000 0a000001`);
  t.strictSame(attributes?.aggregator, { asn: 65536, address: "10.0.0.1" });
  t.strictSame(attributes?.asPath, [sequence(64512, 65536)]);
});

t.test("behind an AGGREGATOR of another AS both are out of date (RFC 6793 §4.2.3)", async (t) => {
  const attributes = attributesOf(`${path} c00706 0064 0a000002 c01208 00010000 0a000001`);
  t.strictSame(attributes?.aggregator, { asn: 100, address: "10.0.0.2" });
  t.strictSame(attributes?.asPath, [sequence(64512, 23456)]);
});

t.test("an AS path survives a two-octet peer", async () => {
  const asn = fc.integer({ min: 1, max: 0xffff_ffff });
  const asns = fc.array(asn, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(asns, asns, asn, (first, second, aggregating) => {
      const aggregator = { asn: aggregating, address: "10.0.0.1" as Address };
      const sent: TextUpdate = {
        ...empty,
        announced: [{ nextHop: { global: "192.0.2.1" as Address }, prefixes: [prefix("10.0.0.0/8")] }],
        attributes: { origin: "egp", asPath: [sequence(...first), set(...second)], aggregator },
      };
      deepStrictEqual(roundTrip(sent, twoOctets), [sent]);
    }),
  );
});
