import type { RouterConfig, SessionConfig } from "../bgp/config/config.ts";
import type { Router, Topology } from "../topology/topology.ts";
import { expectation } from "./expectation.ts";
import { planLinks } from "./links.ts";
import { loopbackAddresses } from "./loopback.ts";
import type { NodePlan, Plan } from "./plan.ts";
import { endPolicies, policiesByName } from "./policies.ts";

/** Where a plan's files and namespaces are to be. */
export interface PlanPaths {
  /** Where `ip netns` keeps its namespaces. */
  readonly netnsDirectory: string;
  /** The lab's own: sockets, logs, configuration. */
  readonly runDirectory: string;
}

/** Works out everything that `up` will do; the same topology and paths always give the same plan. @throws {RoutesUndecidedError} */
export function compile(topology: Topology, paths: PlanPaths): Plan {
  const lab = topology.name;
  const sessions = sessionsByRouter(topology);
  const policies = policiesByRouter(topology);
  return {
    lab,
    nodes: topology.routers.map((router) =>
      planNode(router, {
        lab,
        paths,
        sessions: sessions.get(router.name) ?? [],
        policies: policies.get(router.name) ?? {},
      }),
    ),
    links: planLinks(topology),
    expectation: expectation(topology),
  };
}

function planNode(
  router: Router,
  { lab, paths, ...told }: Pick<RouterConfig, "sessions" | "policies"> & { lab: string; paths: PlanPaths },
): NodePlan {
  const { name, kind, asn, routerId, originate, logLevel, routing } = router;
  const netns = `fe80.${lab}.${name}`;
  const config: RouterConfig = {
    name,
    netns: `${paths.netnsDirectory}/${netns}`,
    log: `${paths.runDirectory}/${name}.log`,
    logLevel,
    asn,
    routerId,
    originate,
    ...routing,
    ...told,
  };
  return { name, kind, netns, loopback: loopbackAddresses(originate), router: config };
}

function policiesByRouter(topology: Topology): Map<string, RouterConfig["policies"]> {
  const ends = Map.groupBy(
    topology.links.flatMap((link) => link.ends),
    ({ router }) => router,
  );
  return new Map(
    Array.from(ends, ([router, own]) => [
      router,
      policiesByName(own.map((end) => endPolicies(topology, end))),
    ]),
  );
}

/** A router's sessions, in the order of its links. */
function sessionsByRouter(topology: Topology): Map<string, SessionConfig[]> {
  const { routers, links } = topology;
  const byName = new Map(routers.map((router) => [router.name, router]));
  const sessions = new Map<string, SessionConfig[]>(routers.map(({ name }) => [name, []]));
  for (const [a, b] of links.map(({ ends }) => ends)) {
    for (const [near, far] of [[a, b] as const, [b, a] as const]) {
      const [own, peer] = [byName.get(near.router), byName.get(far.router)];
      if (!own || !peer) throw new RangeError(`no router at one end of ${near.router} -- ${far.router}`);
      const { remoteAs, ...options } = near.session;
      const { linkLocal } = own;
      const policies = endPolicies(topology, near);
      const session = {
        ifname: near.ifname,
        linkLocal,
        remoteAs: remoteAs ?? peer.asn,
        ...options,
        importPolicy: policies.import?.name ?? null,
        exportPolicy: policies.export?.name ?? null,
      };
      sessions.get(own.name)?.push(session);
    }
  }
  return sessions;
}
