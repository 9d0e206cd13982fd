import { sessionName } from "../net/session-name.ts";
import type { Topology } from "../topology/topology.ts";
import { commonFamilies } from "./families.ts";
import type { Expectation, ExpectedSession } from "./plan.ts";
import { expectedRoutes } from "./routes.ts";

/** What must be true once the lab has converged: links of which nothing is expected bring nothing. */
export function expectation(topology: Topology): Expectation {
  const links = topology.links.filter(({ expect }) => expect === "established");
  const expected = { ...topology, links };
  return {
    sessions: expectedSessions(expected),
    routes: expectedRoutes(expected),
    withinMs: topology.expect.withinMs,
    settleMs: topology.expect.settleMs,
  };
}

/** Both ends of each link, in the order of the file. */
function expectedSessions({ routers, links }: Topology): ExpectedSession[] {
  const asns = new Map(routers.map(({ name, asn }) => [name, asn]));
  const linkLocals = new Map(routers.map(({ name, linkLocal }) => [name, linkLocal]));
  return links.flatMap(({ ends: [a, b], segment }) =>
    [[a, b] as const, [b, a] as const].map(([near, far]) => {
      const peerAsn = asns.get(far.router);
      if (peerAsn === undefined) throw new RangeError(`no router is called ${far.router}`);
      const peer = { router: far.router, ifname: far.ifname };
      const families = commonFamilies(near, far);
      const told = segment === null ? null : (linkLocals.get(far.router) ?? null);
      const session = sessionName({ ifname: near.ifname, peer: told });
      return { router: near.router, ifname: near.ifname, session, peer, peerAsn, families };
    }),
  );
}
