import fc from "fast-check";
import t from "tap";
import { expectedRoutes } from "../../src/plan/routes.ts";
import { topologyOf } from "../topology/parsing.ts";

/** Where each router sends what is for one prefix: `router:ifname`, `router:-` at an origin, in the order of the routers. */
function waysTo(prefix: string, text: string): string[] {
  return expectedRoutes(topologyOf(text))
    .filter((route) => route.prefix === prefix)
    .map(({ router, via }) => `${router}:${via ?? "-"}`);
}

/** A lab of these routers, in which the first originates 10.0.0.0/8. */
const lab = (routers: Record<string, number>, links: readonly string[]) =>
  [
    "name: lab",
    "routers:",
    ...Object.entries(routers).map(
      ([name, asn], index) => `  ${name}: { asn: ${asn}${index === 0 ? ", originate: [10.0.0.0/8]" : ""} }`,
    ),
    "links:",
    ...links.map((link) => `- ${link}`),
  ].join("\n");

const ways = (routers: Record<string, number>, ...links: string[]) =>
  waysTo("10.0.0.0/8", lab(routers, links));

t.test("a prefix goes down a chain", async (t) => {
  t.strictSame(ways({ a: 1, b: 2, c: 3 }, "a -- b", "b -- c"), ["a:-", "b:eth0", "c:eth0"]);
});

t.test("a prefix does not reach a router without a way to it", async (t) => {
  t.strictSame(ways({ a: 1, b: 2, c: 3, d: 4 }, "a -- b", "c -- d"), ["a:-", "b:eth0"]);
});

t.test("in a ring each router takes the shorter way, and the lower router id decides half-way", async (t) => {
  const ring = ["a:e -- b:w", "b:e -- c:w", "c:e -- d:w", "d:e -- a:w"];
  t.strictSame(ways({ a: 1, b: 2, c: 3, d: 4 }, ...ring), ["a:-", "b:w", "c:w", "d:e"]);
  t.strictSame(
    ways({ a: 1, d: 4, c: 3, b: 2 }, ...ring),
    ["a:-", "d:e", "c:e", "b:w"],
    "the place in the file gives the router id",
  );
});

t.test(
  "the spines of a Clos fabric share an AS and do not see each other's prefix (RFC 7938 §5.2.1)",
  async (t) => {
    const links = ["s1 -- l1", "s1 -- l2", "s2 -- l1", "s2 -- l2"];
    const routers = { s1: 65000, s2: 65000, l1: 65001, l2: 65002 };
    t.strictSame(ways(routers, ...links), ["s1:-", "l1:eth0", "l2:eth0"]);
    const { s1, s2, ...leaves } = routers;
    t.strictSame(ways({ ...leaves, s2, s1 }, ...links), ["l1:-", "l2:eth1", "s2:eth0", "s1:eth0"]);
  },
);

t.test("what one iBGP peer tells is not told to the next (RFC 4271 §9.2)", async (t) => {
  t.strictSame(ways({ a: 1, b: 1, c: 1 }, "a -- b", "b -- c"), ["a:-", "b:eth0"], "a chain is no full mesh");
  t.strictSame(ways({ a: 1, b: 1, c: 1 }, "a -- b", "b -- c", "a -- c"), ["a:-", "b:eth0", "c:eth1"]);
});

t.test("what an iBGP peer tells goes on to other ASes, without the own AS on the way", async (t) => {
  t.strictSame(ways({ a: 1, b: 2, c: 2, d: 3 }, "a -- b", "b -- c", "c -- d"), [
    "a:-",
    "b:eth0",
    "c:eth0",
    "d:eth0",
  ]);
});

t.test("with AS paths of one length, eBGP goes before iBGP", async (t) => {
  const links = ["a -- b", "a -- c", "b -- c"];
  t.strictSame(ways({ a: 1, b: 2, c: 2 }, ...links), ["a:-", "b:eth0", "c:eth0"]);
  const longer = ["a -- b", "a -- d", "d -- c", "b -- c"];
  t.strictSame(
    ways({ a: 1, b: 2, c: 2, d: 3 }, ...longer),
    ["a:-", "b:eth0", "c:eth1", "d:eth0"],
    "a shorter one first",
  );
});

t.test("eBGP goes before iBGP even if the iBGP peer has the lower router id", async (t) => {
  const text = lab({ a: 1, b: 2, c: 2 }, ["c -- b", "c -- a", "b -- a"]);
  t.strictSame(waysTo("10.0.0.0/8", text), ["a:-", "b:eth1", "c:eth1"]);
});

t.test("an AS path with the own AS in it is refused (RFC 4271 §9.1.2)", async (t) => {
  t.strictSame(ways({ a: 1, b: 2, c: 3, d: 2 }, "a -- b", "b -- c", "c -- d"), ["a:-", "b:eth0", "c:eth0"]);
});

t.test("of parallel links the lowest interface name is taken, eth2 before eth10", async (t) => {
  t.strictSame(ways({ a: 1, b: 2 }, "a -- b:eth10", "a -- b:eth2"), ["a:-", "b:eth2"]);
  t.strictSame(ways({ a: 1, b: 2 }, "a -- b:zulu", "a -- b:alpha"), ["a:-", "b:alpha"]);
});

t.test("peers with one router id in two ASes are told apart by their addresses, as numbers", async (t) => {
  const text = [
    "name: lab",
    "routers:",
    "  a: { originate: [10.0.0.0/8] }",
    '  b: { router-id: 9.9.9.9, link-local: "fe80::10" }',
    '  c: { router-id: 9.9.9.9, link-local: "fe80::9" }',
    "  d:",
    "links: [a -- b, a -- c, d -- b, d -- c]",
  ].join("\n");
  t.equal(waysTo("10.0.0.0/8", text).at(-1), "d:eth1");
});

t.test("a router prefers what it originates itself, and others the nearest origin", async (t) => {
  const text = [
    "name: anycast",
    "routers: { a: { originate: [10.0.0.0/8] }, b: , c: , d: { originate: [10.0.0.0/8] } }",
    "links: [a -- b, b -- c, c -- d]",
  ].join("\n");
  t.strictSame(waysTo("10.0.0.0/8", text), ["a:-", "b:eth0", "c:eth1", "d:-"]);
});

t.test("routes are in the order of the routers, then of the prefixes", async (t) => {
  const text =
    "name: x\nrouters: { a: { originate: [10.2.0.0/16, 10.1.0.0/16] }, b: { originate: [10.0.0.0/16] } }\nlinks: [a -- b]";
  t.strictSame(
    expectedRoutes(topologyOf(text)).map(({ router, prefix }) => `${router} ${prefix}`),
    ["a 10.2.0.0/16", "a 10.1.0.0/16", "a 10.0.0.0/16", "b 10.2.0.0/16", "b 10.1.0.0/16", "b 10.0.0.0/16"],
  );
});

t.test(
  "where every router is an AS, the way is a shortest one, through the first of the nearest",
  async () => {
    const graph = fc.integer({ min: 2, max: 12 }).chain((size) => {
      const router = fc.nat({ max: size - 1 });
      const edge = fc.tuple(router, router).filter(([a, b]) => a !== b);
      return fc.record({ size: fc.constant(size), edges: fc.array(edge, { maxLength: 30 }) });
    });
    fc.assert(
      fc.property(graph, ({ size, edges }) => {
        const routers = Object.fromEntries(
          Array.from({ length: size }, (_, index) => [`r${index}`, index + 1]),
        );
        const links = edges.map(([a, b], index) => `r${a}:l${index} -- r${b}:l${index}`);
        const actual = ways(routers, ...links).join(" ");
        const expected = shortestWays(size, edges).join(" ");
        if (actual !== expected) throw new Error(`${actual}, not ${expected}`);
      }),
      { numRuns: 500 },
    );
  },
);

/** The same by breadth-first search from router 0. */
function shortestWays(size: number, edges: readonly (readonly [number, number])[]): string[] {
  const distance = [0];
  for (let step = 0; step < size; step++) {
    for (const [a, b] of [...edges, ...edges.map(([a, b]) => [b, a] as const)]) {
      if (distance[a] === step) distance[b] ??= step + 1;
    }
  }
  return Array.from({ length: size }, (_, router) => {
    const own = distance[router];
    if (own === undefined || own === 0) return own === 0 ? `r${router}:-` : "";
    const nearer = edges
      .map(([a, b], link) => ({ peer: a === router ? b : b === router ? a : -1, link }))
      .filter(({ peer }) => distance[peer] === own - 1)
      .sort((a, b) => a.peer - b.peer || a.link - b.link);
    return `r${router}:l${nearer[0]?.link}`;
  }).filter((way) => way !== "");
}

t.test("a ring of 100 routers with a prefix each, 10,000 routes, is worked out at once", async (t) => {
  const names = Array.from({ length: 100 }, (_, index) => `r${index}`);
  const topology = topologyOf(
    [
      "name: ring",
      "routers:",
      ...names.map((name, index) => `  ${name}: { originate: [10.0.${index}.0/24] }`),
      "links:",
      ...names.map((name, index) => `- ${name} -- ${names[(index + 1) % names.length]}`),
    ].join("\n"),
  );
  const start = performance.now();
  t.equal(expectedRoutes(topology).length, 10_000);
  t.ok(performance.now() - start < 1000);
});

t.test("a prefix that a filter of either end holds back is not expected beyond it", async (t) => {
  const text = (r1: string, r2: string) => `
name: lab
routers:
  a: { originate: [10.0.0.0/8, "2001:db8::/32"] }
  b:
  c: { originate: [10.1.0.0/16] }
links:
  - { link: a -- b, sessions: { a: { ${r1} }, b: { ${r2} } } }
  - b -- c`;
  const both = ["a:-", "b:eth0", "c:eth0"];
  for (const held of [
    text('export-prefixes: ["2001:db8::/32"]', ""),
    text("", 'import-prefixes: ["2001:db8::/32", 10.1.0.0/16]'),
  ]) {
    t.strictSame(waysTo("10.0.0.0/8", held), ["a:-"]);
    t.strictSame(waysTo("2001:db8::/32", held), both);
    t.strictSame(waysTo("10.1.0.0/16", held), ["a:eth0", "b:eth1", "c:-"], "the other way it is open");
  }
  t.strictSame(waysTo("10.0.0.0/8", text("export-prefixes: []", "")), ["a:-"]);
  t.strictSame(waysTo("10.0.0.0/8", text("import-prefixes: []", "")), both);
  t.strictSame(waysTo("10.1.0.0/16", text("import-prefixes: []", "")), ["b:eth1", "c:-"]);
});

t.test("around a filter a prefix takes the longer way", async (t) => {
  const ring = `
name: ring
defaults: { timers: { hold: 9 } }
routers: { a: { originate: [10.0.0.0/8] }, b: , c: , d: }
links:
  - { link: "a:e -- b:w", sessions: { b: { import-prefixes: [] } } }
  - b:e -- c:w
  - c:e -- d:w
  - d:e -- a:w`;
  t.strictSame(waysTo("10.0.0.0/8", ring), ["a:-", "b:e", "c:e", "d:e"]);
});

t.test("over a shared link each router sends straight to who has the prefix", async (t) => {
  const text = lab({ a: 1, b: 2, c: 3, d: 4 }, ["[b, c, d]", "a -- b"]);
  t.strictSame(waysTo("10.0.0.0/8", text), ["a:-", "b:eth1", "c:eth0/fe80::2", "d:eth0/fe80::2"]);
});

t.test(
  "a router of the same AS that is preferred names the next hop of the one that it heard (RFC 4271 §5.1.3)",
  async (t) => {
    // c hears of it from b, whose router id is lower, and from d, which told b.
    const text = lab({ a: 1, b: 2, c: 3, d: 2 }, ["[b, c, d]", "a -- d"]);
    t.strictSame(waysTo("10.0.0.0/8", text), ["a:-", "b:eth0/fe80::4", "c:eth0/fe80::4", "d:eth1"]);
  },
);

t.test("the next hop that a policy sets is where packets go", async (t) => {
  const text = (sessions: string) =>
    lab({ a: 1, b: 2, c: 3, d: 4 }, [`{ link: [b, c, d], sessions: { ${sessions} } }`, "a -- b"]);
  const through = "[{ set: { next-hop: 'fe80::4' } }]";
  const ways = (sessions: string) => waysTo("10.0.0.0/8", text(sessions));
  t.strictSame(ways(`c: { import: ${through} }`), ["a:-", "b:eth1", "c:eth0/fe80::4", "d:eth0/fe80::2"]);
  // d cannot send to itself, so it uses what c tells, whose next hop is not that of b for the same reason.
  t.strictSame(ways(`b: { export: ${through} }`), ["a:-", "b:eth1", "c:eth0/fe80::4", "d:eth0/fe80::3"]);
});
