import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import { Network } from "./network.ts";

type Link = readonly [number, number];

function network(asns: readonly number[], links: readonly Link[]): Network {
  const made = new Network(asns);
  for (const [a, b] of links) made.connect(a, b);
  made.settle();
  return made;
}

/** From every router to every other: the routers passed. */
function traces(net: Network, size: number): Record<string, readonly number[] | undefined> {
  const ends = Array.from({ length: size * size }, (_, n): Link => [Math.floor(n / size), n % size]);
  return Object.fromEntries(
    ends.filter(([from, to]) => from !== to).map(([from, to]) => [`${from} to ${to}`, net.trace(from, to)]),
  );
}

const ring = (size: number) => Array.from({ length: size }, (_, n): Link => [n, (n + 1) % size]);

t.test("a chain of three ASes converges, and falls apart where a session goes down", async (t) => {
  const chain = network(
    [65001, 65002, 65003],
    [
      [0, 1],
      [1, 2],
    ],
  );
  t.strictSame(traces(chain, 3), {
    "0 to 1": [0, 1],
    "0 to 2": [0, 1, 2],
    "1 to 0": [1, 0],
    "1 to 2": [1, 2],
    "2 to 0": [2, 1, 0],
    "2 to 1": [2, 1],
  });
  chain.disconnect(0, 1);
  chain.settle();
  t.strictSame([...chain.rib(0).best()].length, 1, "only its own prefix is left");
  t.strictSame(
    [1, 2].map((n) => chain.rib(n).bestOf(Network.prefixOf(0))),
    [undefined, undefined],
  );
  chain.connect(0, 1);
  chain.settle();
  t.strictSame(chain.trace(2, 0), [2, 1, 0]);
});

t.test("a triangle goes the direct way, and around when that is gone", async (t) => {
  const triangle = network([65001, 65002, 65003], ring(3));
  for (const [name, path] of Object.entries(traces(triangle, 3))) t.equal(path?.length, 2, name);
  triangle.disconnect(0, 1);
  triangle.settle();
  t.strictSame(triangle.trace(0, 1), [0, 2, 1]);
  t.strictSame(triangle.trace(1, 0), [1, 2, 0]);
});

t.test("a ring of six goes the shorter way, and the longer when that is gone", async (t) => {
  const six = network([1, 2, 3, 4, 5, 6], ring(6));
  t.strictSame(six.trace(0, 2), [0, 1, 2]);
  t.strictSame(six.trace(0, 4), [0, 5, 4]);
  six.disconnect(0, 1);
  six.settle();
  t.strictSame(six.trace(0, 1), [0, 5, 4, 3, 2, 1]);
});

t.test("a prefix that goes away leaves no router with a stale route (RFC 4271 §9.1.2)", async (t) => {
  const triangle = network([65001, 65002, 65003], ring(3));
  triangle.disconnect(0, 1);
  triangle.disconnect(0, 2);
  triangle.settle();
  for (const n of [1, 2]) t.strictSame(triangle.rib(n).candidates(Network.prefixOf(0)), []);
});

t.test("inside one AS a route goes one iBGP session far (RFC 4271 §9.2)", async (t) => {
  const chain = network(
    [65001, 65001, 65001],
    [
      [0, 1],
      [1, 2],
    ],
  );
  t.strictSame(chain.trace(1, 0), [1, 0]);
  t.equal(chain.trace(2, 0), undefined);
  const mesh = network([65001, 65001, 65001], ring(3));
  for (const [name, path] of Object.entries(traces(mesh, 3))) t.equal(path?.length, 2, name);
});

t.test(
  "two routers of one AS on both sides of another refuse each other's paths (RFC 4271 §9.1.2)",
  async (t) => {
    const leaves = network(
      [65001, 65100, 65001],
      [
        [0, 1],
        [1, 2],
      ],
    );
    t.strictSame(leaves.rib(2).counts("to-1"), { received: 2, accepted: 1, advertised: 1 });
    t.equal(leaves.trace(2, 0), undefined);
  },
);

t.test("any five ASes end as if they had always been linked as they are now", async (t) => {
  const asns = [65001, 65002, 65003, 65004, 65005];
  const anyLink = fc.tuple(fc.nat(4), fc.nat(4)).filter(([a, b]) => a < b);
  const anyToggles = fc.array(fc.record({ link: anyLink, settle: fc.boolean() }), { maxLength: 25 });
  const property = fc.property(anyToggles, (toggles) => {
    const grown = new Network(asns);
    const links = new Map<string, Link>();
    for (const { link, settle } of toggles) {
      const name = link.join();
      if (links.delete(name)) grown.disconnect(...link);
      else {
        links.set(name, link);
        grown.connect(...link);
      }
      if (settle) grown.settle();
    }
    grown.settle();
    assert.deepEqual(traces(grown, 5), traces(network(asns, [...links.values()]), 5));
  });
  t.doesNotThrow(() => fc.assert(property, { numRuns: 200 }));
});
