import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import * as text from "../../../src/bgp/wire/community-text.ts";

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

t.test("communities of all kinds come back as they were", async () => {
  const octet = fc.oneof(fc.constantFrom(0, 1, 2, 3, 0x40), fc.integer({ min: 0, max: 255 }));
  const digits = fc
    .tuple(octet, octet, octet, octet, octet, octet, octet, octet)
    .map((octets) => Buffer.from(octets).toString("hex"));
  const community = fc.oneof(u32, fc.integer({ min: 0xffff_0000, max: 0xffff_ffff }));
  fc.assert(
    fc.property(community, fc.tuple(u32, u32, u32), digits, (standard, large, extended) => {
      deepStrictEqual(text.parseCommunity(text.formatCommunity(standard)), standard);
      deepStrictEqual(text.parseLargeCommunity(text.formatLargeCommunity(large)), large);
      deepStrictEqual(text.parseExtendedCommunity(text.formatExtendedCommunity(extended)), extended);
    }),
    { numRuns: 2_000 },
  );
});

const standard: [string, number | undefined][] = [
  ["64512:100", 0xfc00_0064],
  ["no-export", 0xffff_ff01],
  ["65535:65281", 0xffff_ff01],
  ["blackhole", 0xffff_029a],
  ["graceful-shutdown", 0xffff_0000],
  ["65536:1", undefined],
  ["1:65536", undefined],
  ["1:2:3", undefined],
  ["01:2", undefined],
  ["-1:2", undefined],
  ["1", undefined],
  ["no-such-name", undefined],
  ["", undefined],
];

for (const [input, value] of standard) {
  t.test(`the community "${input}" is ${value ?? "none"}`, async (t) => {
    t.equal(text.parseCommunity(input), value);
  });
}

const extended: [string, string | undefined][] = [
  ["rt:64512:1", "0002fc0000000001"],
  ["soo:64512:4294967295", "0003fc00ffffffff"],
  ["rt:10.0.0.1:5", "01020a0000010005"],
  ["rt:65536:7", "0202000100000007"],
  ["0123456789ABCDEF", "0123456789abcdef"],
  ["rt:65536:65536", undefined],
  ["rt:10.0.0.1:65536", undefined],
  ["rt:4294967296:1", undefined],
  ["rt:10.0.0:1", undefined],
  ["rt:64512", undefined],
  ["rt:1:2:3", undefined],
  ["color:1:2", undefined],
  ["0123", undefined],
];

for (const [input, value] of extended) {
  t.test(`the extended community "${input}" is ${value ?? "none"}`, async (t) => {
    t.equal(text.parseExtendedCommunity(input), value);
  });
}

t.test("a short ASN in the long form keeps its digits, as it would be read as another one", async (t) => {
  t.equal(text.formatExtendedCommunity("0202000000010007"), "0202000000010007");
});

t.test("a large community has three numbers of 32 bits", async (t) => {
  t.strictSame(text.parseLargeCommunity("4294967295:0:1"), [4_294_967_295, 0, 1]);
  for (const wrong of ["1:2", "1:2:3:4", "4294967296:0:0", "a:b:c", "1:2:"]) {
    t.equal(text.parseLargeCommunity(wrong), undefined, wrong);
  }
});
