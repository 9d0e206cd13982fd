import fc from "fast-check";
import t from "tap";
import { generate } from "../../src/generate/generate.ts";
import type { AsnScheme, Shape } from "../../src/generate/shape.ts";
import { compile } from "../../src/plan/compile.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { matchesGolden } from "../support/golden.ts";
import { topologyOf } from "../topology/parsing.ts";

const size = (min: number, max: number) => fc.integer({ min, max });
const shapes: fc.Arbitrary<Shape> = fc.oneof(
  fc.record({ type: fc.constantFrom("ring", "chain", "star", "full-mesh"), routers: size(3, 12) }),
  fc.record({ type: fc.constantFrom("grid", "torus"), rows: size(3, 5), columns: size(3, 5) }),
  fc.record({ type: fc.constant("clos"), spines: size(1, 4), leaves: size(1, 8) }),
  fc.record({ type: fc.constant("fat-tree"), ports: fc.constantFrom(2, 4, 6) }),
  fc.record({ type: fc.constant("hypercube"), dimensions: size(1, 5) }),
  size(2, 15).chain((routers) =>
    fc.record({
      type: fc.constant("random"),
      routers: fc.constant(routers),
      links: size(routers - 1, (routers * (routers - 1)) / 2),
      seed: fc.nat(),
    }),
  ),
);

/** Routers and links of a shape, by the book. */
function sizesOf(shape: Shape): [routers: number, links: number] {
  switch (shape.type) {
    case "ring":
      return [shape.routers, shape.routers];
    case "chain":
    case "star":
      return [shape.routers, shape.routers - 1];
    case "full-mesh":
      return [shape.routers, (shape.routers * (shape.routers - 1)) / 2];
    case "grid":
      return [shape.rows * shape.columns, 2 * shape.rows * shape.columns - shape.rows - shape.columns];
    case "torus":
      return [shape.rows * shape.columns, 2 * shape.rows * shape.columns];
    case "clos":
      return [shape.spines + shape.leaves, shape.spines * shape.leaves];
    case "fat-tree":
      return [(5 * shape.ports ** 2) / 4, shape.ports ** 3 / 2];
    case "hypercube":
      return [2 ** shape.dimensions, shape.dimensions * 2 ** (shape.dimensions - 1)];
    case "random":
      return [shape.routers, shape.links];
  }
}

/** How many routers can be reached from the first one. */
function reach({ routers, links }: Topology): number {
  const reached = new Set(routers.slice(0, 1).map(({ name }) => name));
  for (let before = 0; before < reached.size; ) {
    before = reached.size;
    for (const { ends } of links) {
      if (ends.some(({ router }) => reached.has(router))) for (const { router } of ends) reached.add(router);
    }
  }
  return reached.size;
}

const unnamed = { name: undefined, prefixes: 1, asnScheme: "unique" } as const;

t.test(
  "every graph compiles, has the routers, links and prefixes that were asked for, and is connected",
  async (t) => {
    const schemes = fc.constantFrom<AsnScheme>("unique", "single", "rfc7938");
    fc.assert(
      fc.property(shapes, size(0, 3), schemes, (shape, prefixes, asnScheme) => {
        const text = generate(shape, { name: undefined, prefixes, asnScheme });
        const topology = topologyOf(text);
        const { routers, links } = topology;
        const asns = new Set(routers.map(({ asn }) => asn));
        const pairs = new Set(
          links.map(({ ends }) =>
            ends
              .map(({ router }) => router)
              .sort()
              .join(),
          ),
        );
        const originated = new Set(routers.flatMap(({ originate }) => originate));
        t.strictSame([routers.length, links.length], sizesOf(shape), JSON.stringify(shape));
        t.equal(pairs.size, links.length, "no two links between the same routers");
        t.equal(reach(topology), routers.length, "connected");
        t.equal(originated.size, prefixes * routers.length, "no prefix twice");
        if (asnScheme === "unique") t.equal(asns.size, routers.length);
        if (asnScheme === "single") t.equal(asns.size, 1);
        t.equal(generate(shape, { name: undefined, prefixes, asnScheme }), text, "the same again");
        compile(topology, { netnsDirectory: "/run/netns", runDirectory: "/run/fe80/lab" });
      }),
      { numRuns: 60 },
    );
  },
);

t.test("a Clos network has one AS for its spines and one for each leaf (RFC 7938 §5.2.1)", async (t) => {
  const clos = (leaves: number) =>
    topologyOf(
      generate({ type: "clos", spines: 2, leaves }, { ...unnamed, asnScheme: "rfc7938" }),
    ).routers.map(({ asn }) => asn);
  t.strictSame(clos(3), [65000, 65000, 65001, 65002, 65003]);
  const many = clos(600);
  t.equal(new Set(many).size, 601);
  t.equal(many.at(-1), 4_200_000_600, "in four octets where two have too few for private use");
});

t.test("a fat tree has one AS for its core, one for a pod's aggregation, one for each edge", async (t) => {
  const shape = { type: "fat-tree", ports: 4 } as const;
  const { routers } = topologyOf(generate(shape, { ...unnamed, asnScheme: "rfc7938" }));
  const asns = (part: string) =>
    new Set(routers.filter(({ name }) => name.startsWith(part)).map(({ asn }) => asn));
  t.strictSame(
    ["core", "agg", "agg1-", "edge"].map((part) => asns(part).size),
    [1, 4, 1, 8],
  );
  t.equal(new Set(routers.map(({ asn }) => asn)).size, 13);
});

t.test("another seed is another graph, and the whole of a seed counts", async (t) => {
  const random = (seed: number) => generate({ type: "random", routers: 10, links: 15, seed }, unnamed);
  t.equal(random(7), random(7));
  t.equal(new Set([1, 2, 2 ** 31, 2 ** 32 - 1].map((seed) => random(seed).replace(/^#.*/, ""))).size, 4);
});

t.test("the files read as if a person had written them", async (t) => {
  const examples: Shape[] = [
    { type: "ring", routers: 20 },
    { type: "torus", rows: 3, columns: 4 },
    { type: "clos", spines: 2, leaves: 4 },
    { type: "fat-tree", ports: 4 },
    { type: "random", routers: 12, links: 20, seed: 7 },
  ];
  const text = examples.map((shape) => generate(shape, { ...unnamed, asnScheme: "rfc7938" })).join("\n");
  matchesGolden(t, "generate/examples.yaml", text);
});

t.test("sizes that cannot be are refused with the limits", async (t) => {
  const refused: { shape: Shape; message: string }[] = [
    { shape: { type: "ring", routers: 2 }, message: "2 routers are too few" },
    { shape: { type: "full-mesh", routers: 301 }, message: "301 routers are too many" },
    { shape: { type: "torus", rows: 2, columns: 3 }, message: "2 rows are too few" },
    { shape: { type: "clos", spines: 256, leaves: 1 }, message: "256 spines are too many" },
    { shape: { type: "fat-tree", ports: 3 }, message: "a switch of a fat tree cannot have 3 ports" },
    { shape: { type: "hypercube", dimensions: 11 }, message: "11 dimensions are too many" },
    { shape: { type: "random", routers: 5, links: 3, seed: 1 }, message: "3 links are too few" },
    { shape: { type: "random", routers: 5, links: 11, seed: 1 }, message: "11 links are too many" },
  ];
  for (const { shape, message } of refused) {
    t.throws(() => generate(shape, unnamed), { code: "SIZE_INVALID", message, hint: /give/ });
  }
  const prefixes = { ...unnamed, prefixes: 256 };
  t.throws(() => generate({ type: "ring", routers: 3 }, prefixes), { message: "256 prefixes are too many" });
});

t.test("a lab as large as a machine runs is written in a moment", async (t) => {
  const { routers, links } = topologyOf(
    generate({ type: "random", routers: 1000, links: 4000, seed: 1 }, unnamed),
  );
  t.strictSame([routers.length, links.length], [1000, 4000]);
});
