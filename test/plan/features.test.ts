import fc from "fast-check";
import t from "tap";
import { RoutesUndecidedError } from "../../src/plan/errors.ts";
import { expectedRoutes } from "../../src/plan/routes.ts";
import { Random } from "../../src/std/random.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { topologyOf } from "../topology/parsing.ts";
import { RibNetwork } from "./rib-network.ts";

/** The model of all that can be done to routes, beside the real RIBs. */

const policies = [
  "policies:",
  "  far: [{ match: { as-path: '_3_' }, set: { local-pref: 200 } }, accept]",
  "  mark: [{ set: { community: { add: ['1:7'] } } }]",
  "  marked: [{ match: { community: ['1:7'] }, set: { local-pref: 150 } }, accept]",
  "  unmarked: [{ match: { community: ['1:7'] }, then: reject }, accept]",
  "  longer: [{ match: { prefix: [10.0.0.0/8] }, set: { prepend: 2, med: 5 } }, accept]",
  "  later: [{ match: { peer: [2, 3] }, set: { med: 1 }, then: next }, { match: { med: 0-1 } }]",
  "  aside: [{ match: { next-hop: ['fe80::1/128'] }, set: { next-hop: 'fe80::99' } }, { set: { next-hop: 'fe80::1' } }]",
  "  beside: [{ match: { next-hop: ['fe80::99/128'] }, set: { local-pref: 150 } }, { match: { peer: [2] }, set: { next-hop: 'fe80::99' } }, accept]",
  "  only: [{ match: { prefix: [10.0.0.0/8 ge 9 le 16] } }]",
];
const policy = fc.constantFrom(
  "far",
  "mark",
  "marked",
  "unmarked",
  "longer",
  "later",
  "only",
  "aside",
  "beside",
);

const sessionOptions = fc
  .record(
    {
      import: policy,
      export: policy,
      "allow-own-as": fc.constantFrom(1, 2),
      "remove-private-as": fc.constant(true),
      "route-reflector-client": fc.constant(true),
      "require-policy": fc.constant(true),
      "graceful-shutdown": fc.constant(true),
      role: fc.constantFrom("provider", "customer", "peer", "rs-server", "rs-client"),
      med: fc.nat(2),
      "local-pref": fc.constantFrom(50, 200),
      communities: fc.constantFrom("[no-export]", "[blackhole]", "['1:7']"),
      blackhole: fc.constant(true),
      "add-path": fc.constantFrom("both", "send", "receive"),
    },
    { requiredKeys: [] },
  )
  .map((options) => {
    // Few at once, so that routes get somewhere.
    const said = Object.entries(options).filter((_, index) => index % 3 === 0);
    return said.map(([key, value]) => `${key}: ${value}`).join(", ");
  });

const anyLab = fc.integer({ min: 2, max: 6 }).chain((size) => {
  const end = fc.record({ router: fc.nat(size - 1), told: fc.option(sessionOptions, { nil: "" }) });
  return fc
    .record({
      asns: fc.array(fc.constantFrom(1, 2, 3, 64512), { minLength: size, maxLength: size }),
      links: fc.array(fc.tuple(end, end), { minLength: 1, maxLength: 2 * size }),
      multipath: fc.constantFrom("{}", "{ maximum-paths: 3 }", "{ maximum-paths: 2, as-path-relax: true }"),
      cluster: fc.constantFrom("", "cluster-id: 9.9.9.9"),
    })
    .map(({ asns, links, multipath, cluster }) => {
      const routers = asns.map((asn, index) => {
        const prefixes =
          index === 0 ? "[10.0.0.0/8, 10.1.0.0/16]" : index === size - 1 ? "[10.0.0.0/8]" : "[]";
        return `  r${index}: { asn: ${asn}, originate: ${prefixes} }`;
      });
      const drawn = links.flatMap(([a, b], index) => {
        if (a.router === b.router) return [];
        const [near, far] = [`r${a.router}`, `r${b.router}`];
        return `  - { link: "${near}:l${index} -- ${far}:l${index}", sessions: { ${near}: { ${a.told} }, ${far}: { ${b.told} } } }`;
      });
      return [
        "name: lab",
        `defaults: { multipath: ${multipath}, ${cluster} }`,
        ...policies,
        "routers:",
        ...routers,
        "links:",
        ...drawn,
      ].join("\n");
    });
});

/** Undefined if the model leaves it open. */
function expectedWays(topology: Topology): string | undefined {
  try {
    return expectedRoutes(topology)
      .map(
        ({ router, prefix, via, also = [] }) => `${router} ${prefix} ${[via, ...also].map(String).join(" ")}`,
      )
      .sort()
      .join(", ");
  } catch (error) {
    if (error instanceof RoutesUndecidedError) return undefined;
    throw error;
  }
}

t.test(
  "whatever is done to routes, the real RIBs end as the model says, in any order of events",
  async (t) => {
    const count = { decided: 0, undecided: 0 };
    const property = fc.property(anyLab, (text) => {
      const topology = topologyOf(text);
      const expected = expectedWays(topology);
      if (expected === undefined) {
        count.undecided++;
        return;
      }
      count.decided++;
      for (const seed of [1, 2, 3]) {
        const network = new RibNetwork(topology);
        const ways = network.settle(new Random(seed), 3_000) ? network.ways.join(", ") : "never";
        if (ways !== expected) throw new Error(`${ways}, not ${expected}`);
      }
    });
    t.doesNotThrow(() => fc.assert(property, { numRuns: 300 }));
    t.ok(count.decided > 5 * count.undecided, `${count.undecided} of 300 were left open`);
  },
);
