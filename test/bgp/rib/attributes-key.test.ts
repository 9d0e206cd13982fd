import t from "tap";
import { attributesKey } from "../../../src/bgp/rib/attributes-key.ts";
import type { PathAttributes } from "../../../src/bgp/wire/message.ts";
import type { Address } from "../../../src/net/address.ts";
import { attributes, sequence } from "./fixtures.ts";

const different: readonly Partial<PathAttributes>[] = [
  {},
  { origin: "egp" },
  { asPath: [sequence(1, 2)] },
  { asPath: [sequence(12)] },
  { asPath: [sequence(1), sequence(2)] },
  { asPath: [{ type: "set", asns: [1, 2] }] },
  { asPath: [{ type: "confedSequence", asns: [1, 2] }] },
  { med: 0 },
  { med: 1 },
  { localPref: 0 },
  { localPref: 1 },
  { atomicAggregate: true },
  { aggregator: { asn: 1, address: "10.0.0.1" as Address } },
  { aggregator: { asn: 1, address: "10.0.0.2" as Address } },
  { communities: [1] },
  { communities: [1, 2] },
  { communities: [12] },
  { unknown: [{ flags: 0xc0, code: 99, value: Uint8Array.of() }] },
  { unknown: [{ flags: 0xc0, code: 99, value: Uint8Array.of(1, 2) }] },
  { unknown: [{ flags: 0xc0, code: 99, value: Uint8Array.of(12) }] },
  { unknown: [{ flags: 0xe0, code: 99, value: Uint8Array.of(12) }] },
  { unknown: [{ flags: 0xe0, code: 98, value: Uint8Array.of(12) }] },
];

t.test("path attributes that differ in anything have different keys", async (t) => {
  const keys = different.map((each) => attributesKey(attributes(each)));
  t.equal(new Set(keys).size, different.length);
});

t.test("equal path attributes have the same key, whatever the order of their fields", async (t) => {
  for (const each of different) {
    const reversed = Object.fromEntries(Object.entries(attributes(each)).reverse());
    t.equal(attributesKey(reversed as unknown as PathAttributes), attributesKey(attributes(each)));
  }
});
