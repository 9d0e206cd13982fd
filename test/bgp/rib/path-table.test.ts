import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import { PathTable } from "../../../src/bgp/rib/path-table.ts";
import type { PathAttributes } from "../../../src/bgp/wire/message.ts";
import type { Address } from "../../../src/net/address.ts";
import { attributes as anyAttributes } from "../wire/arbitraries.ts";
import { attributes, sequence } from "./fixtures.ts";

const nextHop = { linkLocal: "fe80::1" as Address };

/** The same value in other objects. */
const copy = <Value>(value: Value): Value => structuredClone(value);

t.test("equal paths have one number, and others another", async (t) => {
  const property = fc.property(fc.array(anyAttributes, { maxLength: 20 }), (all) => {
    const table = new PathTable(2);
    const numbers = all.map((each) => table.intern({ attributes: each, nextHop }));
    for (const [index, each] of all.entries()) {
      assert.equal(table.intern({ attributes: copy(each), nextHop: copy(nextHop) }), numbers[index]);
      assert.notEqual(table.intern({ attributes: each, nextHop: undefined }), numbers[index]);
      assert.deepEqual(table.path(numbers[index] as number).nextHop, nextHop);
    }
  });
  t.doesNotThrow(() => fc.assert(property, { numRuns: 200 }));
});

const base: PathAttributes = {
  origin: "igp",
  asPath: [sequence(1, 2)],
  med: 1,
  localPref: 2,
  atomicAggregate: true,
  aggregator: { asn: 3, address: "10.0.0.1" as Address },
  communities: [4, 5],
  extendedCommunities: ["0002000000000001"],
  largeCommunities: [[1, 2, 3]],
  onlyToCustomer: 7,
  partial: [8],
  unknown: [{ flags: 0xe0, code: 99, value: Uint8Array.of(1) }],
};

t.test("every attribute tells paths apart", async (t) => {
  const others: Partial<PathAttributes>[] = [
    { origin: "egp" },
    { asPath: [sequence(1), sequence(2)] },
    { asPath: [{ type: "set", asns: [1, 2] }] },
    { asPath: [sequence(2, 1)] },
    { med: 0 },
    { localPref: 0 },
    { atomicAggregate: false },
    { aggregator: { asn: 3, address: "10.0.0.2" as Address } },
    { communities: [5, 4] },
    { extendedCommunities: ["0002000000000002"] },
    { largeCommunities: [[1, 2, 4]] },
    { originatorId: "10.0.0.1" as NonNullable<PathAttributes["originatorId"]> },
    { clusterList: ["10.0.0.1" as NonNullable<PathAttributes["originatorId"]>] },
    { onlyToCustomer: 8 },
    { partial: [] },
    { unknown: [{ flags: 0xc0, code: 99, value: Uint8Array.of(1) }] },
    { unknown: [{ flags: 0xe0, code: 99, value: Uint8Array.of(2) }] },
  ];
  const table = new PathTable();
  const numbers = [{}, ...others].map((each) => table.intern({ attributes: { ...base, ...each }, nextHop }));
  t.equal(new Set(numbers).size, numbers.length);
});

t.test("a path is there as long as somebody refers to it, and its number is used again", async (t) => {
  const table = new PathTable(2);
  const paths = [1, 2, 3].map((med) => ({ attributes: attributes({ med }), nextHop }));
  const [first, second, third] = paths.map((path) => table.intern(path)) as [number, number, number];
  table.retain(second);
  table.release(second);
  table.release(first);
  t.equal(table.size, 2);
  t.equal(table.attributes(second).med, 2);
  t.equal(table.intern({ attributes: attributes({ med: 4 }), nextHop }), first);
  for (const id of [first, second, third]) table.release(id);
  t.equal(table.size, 0);
  table.release(0);
  t.equal(table.size, 0, "0 is nobody's");
});

t.test("what is put in and taken out in any order is found again", async (t) => {
  const property = fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(40)), { maxLength: 200 }), (steps) => {
    const table = new PathTable(2);
    const numbers = new Map<number, number>();
    for (const [isThere, med] of steps) {
      const known = numbers.get(med);
      if (isThere && known === undefined) {
        numbers.set(med, table.intern({ attributes: attributes({ med }), nextHop }));
      } else if (!isThere && known !== undefined) {
        table.release(known);
        numbers.delete(med);
      }
    }
    assert.equal(table.size, numbers.size);
    for (const [med, id] of numbers) {
      assert.equal(table.intern({ attributes: attributes({ med }), nextHop }), id);
    }
  });
  t.doesNotThrow(() => fc.assert(property, { numRuns: 200 }));
});
