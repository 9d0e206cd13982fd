import { dependsOnPrefix } from "../bgp/policy/evaluate.ts";
import type { Topology } from "../topology/topology.ts";
import type { Graph, GraphSession } from "./graph.ts";
import { endPolicies } from "./policies.ts";

/** GRACEFUL_SHUTDOWN (RFC 8326) and BLACKHOLE (RFC 7999), which some programs act upon without being told. */
const heeded: ReadonlySet<number> = new Set([0xffff_0000, 0xffff_029a]);

/** Whether sessions do more to routes than to set a LOCAL_PREF, a MED or communities that only say how far a route goes. */
export function needsRelaxation(graph: Graph): boolean {
  return graph.some(({ sessions }) => sessions.some(doesMore));
}

function doesMore({ external, addPath, near, far }: GraphSession): boolean {
  const [hears, tells] = [near.session, far.session];
  if (near.import !== null || far.export !== null || addPath) return true;
  if (tells.gracefulShutdown || tells.communities.some((one) => heeded.has(one))) return true;
  if (hears.allowOwnAs > 0 || hears.blackhole) return true;
  if (!external) return tells.routeReflectorClient;
  const hasRoles = hears.role !== null && tells.role !== null;
  return hasRoles || tells.removePrivateAs || hears.requirePolicy || tells.requirePolicy;
}

/** Whether no policy treats prefixes differently. */
export function isPrefixBlind(topology: Topology): boolean {
  return topology.links.every(({ ends }) =>
    ends.every((end) => {
      const { import: taken, export: told } = endPolicies(topology, end);
      return [taken, told].every((policy) => policy === null || !dependsOnPrefix(policy));
    }),
  );
}
