import fc from "fast-check";
import t from "tap";
import { prefix } from "../../src/net/prefix.ts";
import { RoutesUndecidedError } from "../../src/plan/errors.ts";
import { createGraph } from "../../src/plan/graph.ts";
import { spread } from "../../src/plan/path-vector.ts";
import { Relaxation } from "../../src/plan/relaxation.ts";
import { expectedRoutes } from "../../src/plan/routes.ts";
import { asPlainGraph, spreadShortest } from "../../src/plan/shortest.ts";
import type { Ways } from "../../src/plan/way.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { topologyOf } from "../topology/parsing.ts";

/** The three ways to work out where a prefix goes, side by side. */

const anyOptions = fc
  .record(
    {
      "local-pref": fc.constantFrom(50, 100, 200),
      med: fc.nat(2),
      communities: fc.constantFrom("[no-export]", "[no-advertise]", "['1:1']"),
    },
    { requiredKeys: [] },
  )
  .map((options) =>
    Object.entries(options)
      .map(([key, value]) => `${key}: ${value}`)
      .join(", "),
  );

/** Two to six routers of a few ASes, the first and perhaps the last of which originate, and with parallel links among them. */
function anyLab(told: fc.Arbitrary<string>, asns = 4) {
  return fc.integer({ min: 2, max: 6 }).chain((size) => {
    const end = fc.record({ router: fc.nat(size - 1), told });
    return fc
      .record({
        asns: fc.array(fc.integer({ min: 1, max: asns }), { minLength: size, maxLength: size }),
        links: fc.array(fc.tuple(end, end), { minLength: 1, maxLength: 2 * size }),
        defaults: fc.constantFrom(
          "",
          "{ multipath: { maximum-paths: 2 } }",
          "{ multipath: { maximum-paths: 3, as-path-relax: true } }",
        ),
        twice: fc.boolean(),
      })
      .map(({ asns, links, defaults, twice }) => {
        const origin = (index: number) => index === 0 || (twice && index === size - 1);
        const routers = asns.map(
          (asn, index) => `  r${index}: { asn: ${asn}${origin(index) ? ", originate: [10.0.0.0/8]" : ""} }`,
        );
        const drawn = links.flatMap(([a, b], index) => {
          if (a.router === b.router) return [];
          const [near, far] = [`r${a.router}`, `r${b.router}`];
          return `  - { link: "${near}:l${index} -- ${far}:l${index}", sessions: { ${near}: { ${a.told} }, ${far}: { ${b.told} } } }`;
        });
        return ["name: lab", `defaults: ${defaults}`, "routers:", ...routers, "links:", ...drawn].join("\n");
      });
  });
}

const origination = ({ routers }: Topology) => ({
  origins: routers.flatMap(({ originate }, index) => (originate.length > 0 ? [index] : [])),
  prefix: prefix("10.0.0.0/8"),
  attributes: { origin: "igp" as const, asPath: [] },
});

function same(a: Ways, b: Ways): void {
  const [one, other] = [JSON.stringify(a.ways), JSON.stringify(b.ways)];
  if (one !== other) throw new Error(`${one}, not ${other}`);
}

t.test("what is proven to be the only end is the end in every order", (t) => {
  const property = fc.property(anyLab(fc.option(anyOptions, { nil: "" })), (text) => {
    const topology = topologyOf(text);
    const graph = createGraph(topology, prefix("10.0.0.0/8"));
    const proven = spread(graph, origination(topology).origins);
    if (proven.undecided.length > 0) return;
    const relaxed = new Relaxation(graph).spread(origination(topology));
    t.strictSame(relaxed.undecided, []);
    same(relaxed, proven);
  });
  t.doesNotThrow(() => fc.assert(property, { numRuns: 300 }));
  t.end();
});

t.test("without preferences the shortest paths are the end", (t) => {
  const property = fc.property(anyLab(fc.constant(""), 7), (text) => {
    const topology = topologyOf(text);
    const graph = createGraph(topology, prefix("10.0.0.0/8"));
    const plain = asPlainGraph(graph);
    if (!plain) return;
    const { origins } = origination(topology);
    same(spreadShortest(plain, origins), spread(graph, origins));
  });
  t.doesNotThrow(() => fc.assert(property, { numRuns: 300 }));
  t.end();
});

const head = (...rest: string[]) => ["name: lab", ...rest].join("\n");

/** `router:via` of each, those that are used beside it behind a comma. */
function waysOf(text: string, to = "10.0.0.0/8"): string[] {
  return expectedRoutes(topologyOf(text))
    .filter((route) => route.prefix === to)
    .map(
      ({ router, via, also = [], drops }) =>
        `${router}:${[via ?? "-", ...also].join()}${drops ? " drops" : ""}`,
    );
}

const square = "links: [a -- b, a -- c, b -- d, c -- d]";
const routers = (...bodies: string[]) => [
  "routers:",
  ...bodies.map(
    (body, index) =>
      `  ${"abcdef"[index]}: { asn: ${index + 1}, ${index === 0 ? "originate: [10.0.0.0/8], " : ""}${body} }`,
  ),
];

t.test("an import policy prefers a longer way", (t) => {
  const text = (set: string) =>
    head(
      "policies: { far: [{ match: { as-path: '^3_' }, set: { local-pref: 200 } }, accept] }",
      ...routers("", set, "", ""),
      "links: [a -- b, a -- c, c -- b]",
    );
  t.strictSame(waysOf(text("")), ["a:-", "b:eth0", "c:eth0"]);
  t.strictSame(waysOf(text("import: far")), ["a:-", "b:eth1", "c:eth0"]);
  t.end();
});

t.test("what policies reject is not expected, prefix by prefix", (t) => {
  const text = head(
    "policies: { ten: [{ match: { prefix: [10.0.0.0/8 le 24] } }] }",
    "routers: { a: { originate: [10.0.0.0/8, 192.0.2.0/24] }, b: { export: ten }, c: }",
    "links: [a -- b, b -- c]",
  );
  t.strictSame(waysOf(text), ["a:-", "b:eth0", "c:eth0"]);
  t.strictSame(waysOf(text, "192.0.2.0/24"), ["a:-", "b:eth0"]);
  t.end();
});

t.test("what is prepended makes a way longer, and rules may stand at a session", (t) => {
  const text = head(...routers("", "export: [{ set: { prepend: 2 } }]", "", ""), square);
  t.strictSame(waysOf(text), ["a:-", "b:eth0", "c:eth0", "d:eth1"]);
  t.end();
});

t.test("communities that one router adds are what another one matches", (t) => {
  const text = head(
    "policies: { mark: [{ set: { community: { add: ['1:7'] } } }], marked: [{ match: { community: ['1:7'] } }] }",
    ...routers("", "export: mark", "", "import: marked"),
    square,
  );
  t.strictSame(waysOf(text), ["a:-", "b:eth0", "c:eth0", "d:eth0"]);
  t.end();
});

t.test("equal ways are used at once, as many as may be, and of one AS path unless that is relaxed", (t) => {
  const text = (multipath: string) =>
    head(`defaults: { multipath: { ${multipath} } }`, ...routers("", "", "", ""), square);
  t.strictSame(waysOf(text("maximum-paths: 2")).at(-1), "d:eth0");
  t.strictSame(waysOf(text("maximum-paths: 2, as-path-relax: true")).at(-1), "d:eth0,eth1");
  const fabric = head(
    "defaults: { multipath: { maximum-paths: 4 } }",
    "routers: { s1: { asn: 1 }, s2: { asn: 1 }, l1: { originate: [10.0.0.0/8] }, l2: }",
    "links: [s1 -- l1, s2 -- l1, s1 -- l2, s2 -- l2]",
  );
  t.strictSame(waysOf(fabric), ["s1:eth0", "s2:eth0", "l1:-", "l2:eth0,eth1"]);
  t.end();
});

t.test(
  "a route reflector tells its clients of each other, and nobody else of those that are not (RFC 4456 §6)",
  (t) => {
    const text = (session: string) =>
      head(
        "defaults: { asn: 1 }",
        "routers: { a: { originate: [10.0.0.0/8] }, r: , b: , c: }",
        "links:",
        `  - { link: a -- r, sessions: { r: { ${session} } } }`,
        "  - { link: r -- b, sessions: { r: { route-reflector-client: true } } }",
        "  - r -- c",
      );
    t.strictSame(waysOf(text("")), ["a:-", "r:eth0", "b:eth0"]);
    t.strictSame(waysOf(text("route-reflector-client: true")), ["a:-", "r:eth0", "b:eth0", "c:eth0"]);
    t.end();
  },
);

t.test("two reflectors of one cluster do not hear of a route from each other (RFC 4456 §8)", (t) => {
  const text = (cluster: string) =>
    head(
      `defaults: { asn: 1, ${cluster} route-reflector-client: true }`,
      "routers: { a: { originate: [10.0.0.0/8] }, r: , s: }",
      "links: [a -- r, r -- s]",
    );
  t.strictSame(waysOf(text("")), ["a:-", "r:eth0", "s:eth0"]);
  t.strictSame(waysOf(text("cluster-id: 9.9.9.9,")), ["a:-", "r:eth0"]);
  t.end();
});

t.test("the own AS may be on a path as often as is allowed, and private ones may be taken out", (t) => {
  const text = (b: string, c: string) =>
    head(
      "routers:",
      "  a: { asn: 64512, originate: [10.0.0.0/8] }",
      `  b: { asn: 5, ${b} }`,
      `  c: { asn: 64512, ${c} }`,
      `  d: { asn: 6 }`,
      "links: [a -- b, b -- c, b -- d]",
    );
  t.strictSame(waysOf(text("", "")), ["a:-", "b:eth0", "d:eth0"]);
  t.strictSame(waysOf(text("", "allow-own-as: 1")), ["a:-", "b:eth0", "c:eth0", "d:eth0"]);
  t.strictSame(
    waysOf(text("remove-private-as: true", "")),
    ["a:-", "b:eth0", "d:eth0"],
    "but not that of the peer",
  );
  t.end();
});

t.test("without a policy nothing passes where one is required (RFC 8212)", (t) => {
  const text = (b: string) =>
    head(
      "policies: { all: [accept] }",
      ...routers("", `require-policy: true, ${b}`, ""),
      "links: [a -- b, b -- c]",
    );
  t.strictSame(waysOf(text("")), ["a:-"]);
  t.strictSame(waysOf(text("import: all")), ["a:-", "b:eth0"]);
  t.strictSame(waysOf(text("import: all, export: all")), ["a:-", "b:eth0", "c:eth0"]);
  t.end();
});

t.test("whoever is about to shut down is avoided (RFC 8326)", (t) => {
  const text = (b: string) => head(...routers("", b, "", ""), square);
  t.strictSame(waysOf(text("")).at(-1), "d:eth0");
  t.strictSame(waysOf(text("graceful-shutdown: true")).at(-1), "d:eth1");
  const listener = (d: string) => head(...routers("", "graceful-shutdown: true", "", d), square);
  t.strictSame(waysOf(listener("kind: frr")).at(-1), "d:eth1");
  t.strictSame(waysOf(listener("kind: gobgp")).at(-1), "d:eth0", "not every program listens");
  const prefer = "import: [{ match: { community: [graceful-shutdown] }, set: { local-pref: 200 } }, accept]";
  t.strictSame(waysOf(listener(prefer)).at(-1), "d:eth0", "ours lets its policy have the last word");
  t.strictSame(waysOf(listener(`kind: frr, ${prefer}`)).at(-1), "d:eth1", "FRR does not");
  t.end();
});

t.test("a route that has been through its own AS is of no use there (RFC 4271 §9.1.2)", (t) => {
  const text = (c: string) =>
    head(
      "routers:",
      "  a: { asn: 1, originate: [10.0.0.0/8], export: [{ set: { prepend: 1 } }] }",
      `  b: { asn: 1, ${c} }`,
      "links: [a -- b]",
    );
  t.strictSame(waysOf(text("")), ["a:-"]);
  t.strictSame(waysOf(text("kind: frr")), ["a:-"]);
  const v6 = text("kind: openbgpd")
    .replace("10.0.0.0/8", '"2001:db8::/32"')
    .replace("a: {", "a: { families: [ipv6-unicast],")
    .replace("b: {", "b: { families: [ipv6-unicast],");
  t.strictSame(waysOf(v6, "2001:db8::/32"), ["a:-", "b:eth0"], "OpenBGPD looks for that between ASes alone");
  t.end();
});

t.test("what a provider tells goes on to customers alone (RFC 9234)", (t) => {
  const text = (c: string) =>
    head(
      ...routers("role: provider", "", "role: customer"),
      "links:",
      "  - { link: a -- b, sessions: { b: { role: customer } } }",
      `  - { link: b -- c, sessions: { b: { role: ${c === "customer" ? "provider" : "peer"} }, c: { role: ${c} } } }`,
    );
  t.strictSame(waysOf(text("customer")), ["a:-", "b:eth0", "c:eth0"]);
  t.strictSame(waysOf(text("peer")), ["a:-", "b:eth0"]);
  t.end();
});

t.test("packets to what has BLACKHOLE are dropped, and it goes no further (RFC 7999)", (t) => {
  const text = (b: string) => head(...routers("communities: [blackhole]", b, ""), "links: [a -- b, b -- c]");
  t.strictSame(waysOf(text("")), ["a:-", "b:eth0", "c:eth0"]);
  t.strictSame(waysOf(text("blackhole: true")), ["a:-", "b:eth0 drops"]);
  t.strictSame(waysOf(text("kind: frr")), ["a:-", "b:eth0"], "FRR keeps it, but drops nothing");
  t.strictSame(waysOf(text("kind: gobgp")), ["a:-", "b:eth0", "c:eth0"]);
  t.end();
});

t.test("with several paths told a router finds a way where the best one leads back to it (RFC 7911)", (t) => {
  const text = (b: string) =>
    head(
      `defaults: { ${b} }`,
      "policies: { far: [{ match: { as-path: '^3_' }, set: { local-pref: 200 } }, accept] }",
      "routers:",
      "  a: { asn: 1, originate: [10.0.0.0/8] }",
      "  b: { asn: 2, import: far }",
      "  c: { asn: 3 }",
      "  d: { asn: 3 }",
      "links: [a -- b, a -- c, c -- b, b -- d]",
    );
  t.strictSame(waysOf(text("")), ["a:-", "b:eth1", "c:eth0"]);
  t.strictSame(waysOf(text("add-path: both")), ["a:-", "b:eth1", "c:eth0", "d:eth0"]);
  t.end();
});

t.test("a router's addresses are expected where they are redistributed, each as a whole", (t) => {
  const text = head(
    "routers: { a: { originate: [10.0.0.0/8], redistribute: [connected] }, b: }",
    "links: [a -- b]",
  );
  t.strictSame(waysOf(text, "10.0.0.1/32"), ["a:-", "b:eth0"]);
  t.end();
});

t.test("two routers whose policies prefer each other are told so", (t) => {
  const text = head(
    "policies: { each: [{ match: { as-path: '^[23] ' }, set: { local-pref: 200 } }, accept] }",
    ...routers("", "import: each", "import: each"),
    "links: [a -- b, a -- c, b -- c]",
  );
  t.throws(() => waysOf(text), { code: "ROUTES_UNDECIDED", message: /10\.0\.0\.0\/8 goes from b, c$/ });
  t.throws(() => waysOf(text), RoutesUndecidedError);
  t.end();
});

t.test("a way that only the path identifiers of two routes decide about is told so (RFC 7911)", (t) => {
  const lab = (told: string) => `
name: lab
policies:
  mark: [{ set: { community: { add: ['1:7'] } } }]
  marked: [{ match: { community: ['1:7'] }, set: { local-pref: 150 } }, accept]
routers:
  r0: { asn: 1, originate: [10.0.0.0/8] }
  r1: { asn: 2 }
  r2: { asn: 1 }
  r3: { asn: 3 }
links:
  - r0 -- r1
  - r0:a -- r2:a
  - { link: "r0:b -- r2:b", sessions: { r2: { import: mark } } }
  - { link: r1 -- r3, sessions: { r1: { import: marked } } }
  - { link: r2 -- r3, sessions: { r2: { add-path: ${told} }, r3: { local-pref: 50, add-path: ${told} } } }
`;
  t.throws(() => expectedRoutes(topologyOf(lab("both"))), RoutesUndecidedError);
  t.doesNotThrow(() => expectedRoutes(topologyOf(lab("~"))), "r2 tells the one that it uses alone");
  t.end();
});

t.test("three routers that never come to rest are told so", (t) => {
  const next = (from: number) =>
    `import: [{ match: { as-path: '^${from} 1$' }, set: { local-pref: 200 } }, accept]`;
  const text = head(
    ...routers("", next(3), next(4), next(2)),
    "links: [a -- b, a -- c, a -- d, b -- c, c -- d, d -- b]",
  );
  t.throws(() => waysOf(text), { code: "ROUTES_UNDECIDED", message: /goes from b, c, d$/ });
  t.end();
});
