import type { RouterConfig, SessionConfig } from "../bgp/config/config.ts";
import type { Prefix } from "../net/prefix.ts";
import { routerActions } from "../topology/action.ts";
import type { Step } from "../topology/step.ts";
import type { Router, Topology } from "../topology/topology.ts";
import { expectation } from "./expectation.ts";
import { planHosts, prefixesOnLinks } from "./hosts.ts";
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
  const told = toldByRouter(topology);
  const onLinks = prefixesOnLinks(topology);
  return {
    lab,
    nodes: topology.routers.map((router) => {
      const { name } = router;
      const own = told.get(name) ?? { sessions: [], policies: {} };
      return planNode(router, { lab, paths, told: own, onLinks: onLinks.get(name) });
    }),
    hosts: planHosts(topology),
    ...planLinks(topology),
    expectation: expectation(topology),
    places: Object.fromEntries(topology.places),
    ...(topology.steps.some(isToProcesses) && { isolated: true }),
  };
}

/** Whether a step does something to routers' processes, as chaos may. */
function isToProcesses({ work }: Step): boolean {
  const words: readonly string[] = routerActions;
  return work.type === "chaos" || work.actions.some(({ type }) => words.includes(type));
}

/** What a router is told beside what the file says of itself. */
type Told = Pick<RouterConfig, "sessions" | "policies">;

function planNode(
  router: Router,
  {
    lab,
    paths,
    told,
    onLinks,
  }: { lab: string; paths: PlanPaths; told: Told; onLinks: ReadonlySet<Prefix> | undefined },
): NodePlan {
  const { name, kind, asn, routerId, originate, logLevel, routing, container } = router;
  const netns = `fe80.${lab}.${name}`;
  const config: RouterConfig = {
    name,
    // In a container it is the program's own.
    netns: container ? null : `${paths.netnsDirectory}/${netns}`,
    log: `${paths.runDirectory}/${name}.log`,
    logLevel,
    asn,
    routerId,
    originate,
    ...routing,
    ...told,
  };
  const loopback = loopbackAddresses(originate.filter((prefix) => !onLinks?.has(prefix)));
  return {
    name,
    kind,
    netns,
    loopback,
    router: config,
    ...(router.config && { config: router.config }),
    ...(container && { container }),
  };
}

/** Each router's sessions, in the order of those of its links that have one, and the policies that these name. */
function toldByRouter(topology: Topology): Map<string, Told> {
  const links = topology.links.filter(({ expect }) => expect !== "none");
  const sessions = sessionsByRouter({ ...topology, links });
  const ends = Map.groupBy(
    links.flatMap((link) => link.ends),
    ({ router }) => router,
  );
  return new Map(
    Array.from(sessions, ([router, own]) => {
      const policies = (ends.get(router) ?? []).map((end) => endPolicies(topology, end));
      return [router, { sessions: own, policies: policiesByName(policies) }] as const;
    }),
  );
}

function sessionsByRouter(topology: Topology): Map<string, SessionConfig[]> {
  const { routers, links } = topology;
  const byName = new Map(routers.map((router) => [router.name, router]));
  const sessions = new Map<string, SessionConfig[]>(routers.map(({ name }) => [name, []]));
  for (const {
    ends: [a, b],
    segment,
  } of links) {
    for (const [near, far] of [[a, b] as const, [b, a] as const]) {
      const [own, peer] = [byName.get(near.router), byName.get(far.router)];
      if (!own || !peer) throw new RangeError(`no router at one end of ${near.router} -- ${far.router}`);
      const { remoteAs, ...options } = near.session;
      const { linkLocal } = own;
      const policies = endPolicies(topology, near);
      const session = {
        ifname: near.ifname,
        peer: segment === null ? null : peer.linkLocal,
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
