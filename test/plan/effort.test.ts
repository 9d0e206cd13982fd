import t from "tap";
import { prefix } from "../../src/net/prefix.ts";
import { createGraph } from "../../src/plan/graph.ts";
import { prefersShortest } from "../../src/plan/preferences.ts";
import { expectedRoutes } from "../../src/plan/routes.ts";
import { topologyOf } from "../topology/parsing.ts";

/** A ring with a prefix at each router. */
function ring(routers: number, ...rest: string[]): string {
  const links = Array.from(
    { length: routers },
    (_, index) => `- r${index + 1} -- r${((index + 1) % routers) + 1}`,
  );
  const prefixes = `routers: { "r[1-${routers}]": { originate: "10.{n / 256}.{n % 256}.0/24" } }`;
  return ["name: ring", ...rest, prefixes, "links:", ...links].join("\n");
}

t.test("policies at every session of a ring of 500 routers are worked out", async (t) => {
  const policies = [
    "policies: { even: [{ match: { prefix: [10.0.0.0/15 le 24] }, set: { local-pref: 200, community: { add: ['1:1'] } } }] }",
    "defaults: { import: even, export: [{ set: { med: 1 } }] }",
  ];
  const plain = expectedRoutes(topologyOf(ring(500)));
  t.equal(plain.length, 500 * 500);
  t.ok(Object.is(JSON.stringify(expectedRoutes(topologyOf(ring(500, ...policies)))), JSON.stringify(plain)));
});

t.test("all ways told to everybody are not worked out without end", async (t) => {
  const mesh = `name: mesh
defaults: { add-path: both }
routers: { "r[1-20]": { originate: "10.0.{n}.0/24" } }
links: [r* -- r*]`;
  const work = "20 prefixes over 190 links";
  t.throws(() => expectedRoutes(topologyOf(mesh)), {
    code: "ROUTES_TOO_MANY",
    reason: new RegExp(`: ${work}$`),
    diagnostics: [{ line: 4, column: 9 }],
  });
  const uneven = mesh.replace("routers: {", "routers: { a: { originate: [10.1.0.0/16, 10.2.0.0/16] },");
  t.throws(() => expectedRoutes(topologyOf(uneven)), {
    message: /^lab\.yaml:3:12: .*, of which a originates 2$/,
  });
});

const prefers = (...rest: string[]) =>
  prefersShortest(createGraph(topologyOf(ring(3, ...rest)), prefix("10.0.1.0/24")));

t.test("one LOCAL_PREF for all leaves the shorter path the better one, whatever else is set", async (t) => {
  t.ok(prefers());
  t.ok(prefers("defaults: { import: [{ set: { local-pref: 7, med: 1, prepend: 2 } }], export: [reject] }"));
  t.ok(prefers("defaults: { local-pref: 7, import: [{ match: { med: 1 }, set: { med: 2 } }, accept] }"));
  t.ok(prefers("defaults: { import: [{ set: { local-pref: 7 }, then: next }, { match: { med: 0 } }] }"));
  t.ok(
    prefers("defaults: { import: [{ set: { local-pref: 7 } }, { set: { local-pref: 8 } }] }"),
    "never reached",
  );
});

t.test("paths may be preferred by something else where any session says so", async (t) => {
  t.notOk(prefers("defaults: { import: [{ match: { med: 1 }, set: { local-pref: 7 } }, accept] }"));
  t.notOk(
    prefers("defaults: { import: [{ match: { med: 1 }, set: { local-pref: 7 }, then: next }, accept] }"),
  );
  t.notOk(prefers("defaults: { remove-private-as: true }"));
  t.notOk(prefers("defaults: { graceful-shutdown: true }"));
  t.notOk(prefers("defaults: { communities: [graceful-shutdown] }"));
  t.notOk(prefers("defaults: { export: [{ set: { community: { add: [graceful-shutdown] } } }] }"));
  t.notOk(prefers("defaults: { asn: 1 }"));
});
