import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import { NlriWriter } from "../../../src/bgp/rib/nlri-writer.ts";
import { PrefixTable } from "../../../src/bgp/rib/prefix-table.ts";
import { formatPrefix, type Prefix, prefix, prefixParts } from "../../../src/net/prefix.ts";

const anyPrefix: fc.Arbitrary<Prefix> = fc
  .oneof(
    fc.tuple(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.nat(32)),
    fc.tuple(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(128)),
    // So that some are in each other, and some share a slot.
    fc.tuple(fc.constant(Uint8Array.of(10, 0, 0, 0)), fc.nat(32)),
    fc
      .tuple(fc.nat(255), fc.constant(24))
      .map(([n, length]) => [Uint8Array.of(10, 0, n, 0), length] as const),
  )
  .map(([octets, length]) => formatPrefix(octets, length));

t.test("a prefix has one number, and a number one prefix, until it is released", async (t) => {
  const property = fc.property(fc.array(fc.tuple(fc.boolean(), anyPrefix), { maxLength: 200 }), (steps) => {
    const table = new PrefixTable(4);
    const numbers = new Map<Prefix, number>();
    for (const [isThere, each] of steps) {
      const known = numbers.get(each);
      assert.equal(table.findText(each), known ?? -1);
      if (isThere) {
        const id = table.internText(each);
        assert.equal(id, known ?? id);
        numbers.set(each, id);
      } else if (known !== undefined) {
        table.release(known);
        numbers.delete(each);
      }
    }
    assert.equal(table.size, numbers.size);
    assert.equal(new Set(numbers.values()).size, numbers.size);
    for (const [each, id] of numbers) assert.equal(table.format(id), each);
  });
  t.doesNotThrow(() => fc.assert(property, { numRuns: 300 }));
});

t.test("a prefix is written as in an UPDATE (RFC 4271 §4.3)", async (t) => {
  const property = fc.property(anyPrefix, (each) => {
    const table = new PrefixTable();
    const writer = new NlriWriter(1);
    table.write(table.internText(each), writer);
    const { octets, length } = prefixParts(each);
    assert.deepEqual([...writer.since(0)], [length, ...octets.subarray(0, Math.ceil(length / 8))]);
  });
  t.doesNotThrow(() => fc.assert(property));
});

t.test("host bits, and what stands behind the prefix, count nothing", async (t) => {
  const table = new PrefixTable();
  const id = table.internText(prefix("10.1.0.0/17"));
  t.equal(table.find(4, Uint8Array.of(99, 10, 1, 127, 44), { at: 1, length: 17 }), id);
  t.equal(table.find(4, Uint8Array.of(10, 1, 128), { at: 0, length: 17 }), -1);
});

t.test("numbers are used again, and stay dense", async (t) => {
  const table = new PrefixTable(4);
  const ids = [0, 1, 2, 3, 4, 5].map((n) => table.internText(prefix(`10.${n}.0.0/16`)));
  t.strictSame(ids, [0, 1, 2, 3, 4, 5]);
  for (const id of [1, 4]) table.release(id);
  t.strictSame([table.isUsed(1), table.isUsed(2), table.size, table.limit], [false, true, 4, 6]);
  table.internText(prefix("2001:db8::/32"));
  table.internText(prefix("::/0"));
  t.equal(table.limit, 6);
  t.equal(table.capacity, 8);
});
