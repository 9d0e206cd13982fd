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
    ...topology.expect,
  };
}

/** Both ends of each link, in the order of the file. */
function expectedSessions({ routers, links }: Topology): ExpectedSession[] {
  const asns = new Map(routers.map(({ name, asn }) => [name, asn]));
  return links.flatMap(({ ends: [a, b] }) =>
    [[a, b] as const, [b, a] as const].map(([near, far]) => {
      const peerAsn = asns.get(far.router);
      if (peerAsn === undefined) throw new RangeError(`no router is called ${far.router}`);
      const peer = { router: far.router, ifname: far.ifname };
      const families = commonFamilies(near, far);
      return { router: near.router, ifname: near.ifname, peer, peerAsn, families };
    }),
  );
}
