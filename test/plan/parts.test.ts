import t from "tap";
import { splitTopology } from "../../src/plan/parts.ts";
import { expectedRoutes } from "../../src/plan/routes.ts";
import { topologyOf } from "../topology/parsing.ts";

const text = `name: lab
routers:
  a: { originate: [10.0.0.0/8] }
  b:
  c: { originate: [10.1.0.0/16, 10.0.0.0/8] }
  d:
  e:
links: [a -- d, c -- b]`;

t.test("a part has its own routers and links, and the prefixes that they originate", async (t) => {
  const parts = splitTopology(topologyOf(text));
  const told = parts.map(({ topology, places, originations }) => ({
    routers: topology.routers.map(({ name }) => name).join(" "),
    links: topology.links.length,
    places,
    origins: originations.map(({ prefix, origins }) => `${prefix} ${origins}`),
  }));
  t.strictSame(told, [
    { routers: "a d", links: 1, places: [0, 3], origins: ["10.0.0.0/8 0"] },
    { routers: "b c", links: 1, places: [1, 2], origins: ["10.0.0.0/8 1", "10.1.0.0/16 1"] },
    { routers: "e", links: 0, places: [4], origins: [] },
  ]);
});

t.test("a prefix that two parts originate stays in each of them", async (t) => {
  t.strictSame(
    expectedRoutes(topologyOf(text)).map(({ router, prefix, via }) => `${router} ${prefix} ${via}`),
    [
      "a 10.0.0.0/8 null",
      "b 10.0.0.0/8 eth0",
      "b 10.1.0.0/16 eth0",
      "c 10.0.0.0/8 null",
      "c 10.1.0.0/16 null",
      "d 10.0.0.0/8 eth0",
    ],
  );
});
