import fc from "fast-check";
import t from "tap";
import { hashAsns, isLong, longSequenceOf, readLongSequence } from "../../../src/bgp/wire/long-sequence.ts";
import { ByteWriter } from "../../../src/std/bytes.ts";

const read = (asns: readonly number[]) => {
  const octets = new ByteWriter().u8(0).u32s(asns, 0, asns.length).finish();
  return readLongSequence({ octets, start: 1, end: octets.length });
};

const long = fc.array(fc.integer({ min: 1, max: 0xffff_ffff }), { minLength: 32, maxLength: 255 });

t.test("sequences of 32 to 255 AS numbers are long", async (t) => {
  t.notOk(isLong("sequence", 31));
  t.ok(isLong("sequence", 32));
  t.ok(isLong("sequence", 255));
  t.notOk(isLong("sequence", 256));
  t.notOk(isLong("set", 100));
});

t.test("what is read is what is there, and stays so", async (t) => {
  const all = fc.array(long, { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(all, (lists) => {
      const sequences = lists.map(read);
      for (const [index, list] of lists.entries()) t.same([...(sequences[index]?.asns ?? [])], list);
    }),
    { numRuns: 20 },
  );
});

t.test("what a router has just told, its peer hears as the same object", async (t) => {
  const asns = Array.from({ length: 40 }, (_, index) => 64_512 + index);
  const told = longSequenceOf(64_511, asns);
  t.equal(read([64_511, ...asns]), told);
  t.not(read([64_511, ...asns, 1]), told);
  t.not(read([64_511, ...asns.with(20, 1)]), told, "whatever the hash is made of");
});

t.test("AS 0 is no AS number (RFC 7607 §2)", async (t) => {
  fc.assert(fc.property(long, fc.nat(31), (asns, at) => read(asns.with(at, 0)) === undefined));
  t.not(read(Array.from({ length: 32 }, () => 1)), undefined);
});

t.test("the hash is the same for the same AS numbers, in whatever list they are", async (t) => {
  fc.assert(
    fc.property(long, (asns) => hashAsns(asns) === hashAsns(Uint32Array.from([...asns, 7]), asns.length)),
  );
  t.not(hashAsns([1, 2]), hashAsns([2, 1]));
});
