import t from "tap";
import { RoutesTooManyError } from "../../src/plan/errors.ts";
import { expectedRoutes } from "../../src/plan/routes.ts";
import { topologyOf } from "../topology/parsing.ts";

/** A ring with a prefix and a policy at each router. */
function ring(routers: number): string {
  const links = Array.from(
    { length: routers },
    (_, index) => `- r${index + 1} -- r${((index + 1) % routers) + 1}`,
  );
  return `name: ring
defaults: { import: [{ set: { med: 1 } }] }
routers: { "r[1-${routers}]": { originate: "10.{n / 256}.{n % 256}.0/24" } }
links:\n${links.join("\n")}`;
}

t.test("policies of many sessions are worked out, but not without end", async (t) => {
  t.equal(expectedRoutes(topologyOf(ring(101))).length, 101 * 101);
  t.throws(() => expectedRoutes(topologyOf(ring(500))), RoutesTooManyError);
});
