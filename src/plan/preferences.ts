import { dependsOnPrefix } from "../bgp/policy/evaluate.ts";
import type { Topology } from "../topology/topology.ts";
import type { Graph, GraphSession } from "./graph.ts";
import { endPolicies } from "./policies.ts";

/** RFC 8326 and RFC 7999: some programs act upon them without being told. */
const GRACEFUL_SHUTDOWN = 0xffff_0000;
const BLACKHOLE = 0xffff_029a;
const heeded: ReadonlySet<number> = new Set([GRACEFUL_SHUTDOWN, BLACKHOLE]);

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

/**
 * Whether a shorter AS path goes before a longer one wherever there are both, whatever else policies do, and each session makes
 * paths longer. Then routes of one length depend on shorter ones alone, and every order of events ends in the same.
 */
export function prefersShortest(graph: Graph): boolean {
  const sessions = graph.flatMap((node) => node.sessions);
  const levels = new Set(sessions.flatMap((session) => localPrefsOf(session)));
  return (
    levels.size < 2 &&
    sessions.every(({ external, far }) => external && !far.session.removePrivateAs) &&
    !sessions.some(marksShutdown)
  );
}

const defaultLocalPref = 100;

/** All that a route may come to have when it is heard. */
function localPrefsOf({ near }: GraphSession): number[] {
  const initial = near.session.localPref ?? defaultLocalPref;
  if (near.import === null) return [initial];
  const accepted = new Set<number>();
  let passing = new Set([initial]);
  for (const { match, set, action } of near.import.rules) {
    const left = set.localPref === undefined ? passing : new Set([set.localPref ?? defaultLocalPref]);
    if (action === "accept") for (const each of left) accepted.add(each);
    const isForAll = Object.keys(match).length === 0;
    if (isForAll && action !== "next") break;
    if (action === "next") passing = isForAll ? left : new Set([...passing, ...left]);
  }
  return [...accepted];
}

/** Whether the peer may tell to prefer it least (RFC 8326). */
function marksShutdown({ near, far }: GraphSession): boolean {
  const { gracefulShutdown, communities } = far.session;
  if (gracefulShutdown || communities.includes(GRACEFUL_SHUTDOWN)) return true;
  return [near.import, far.export].some((policy) =>
    policy?.rules.some(({ set: { communities: change } }) =>
      [change?.set, change?.add].some((list) => list?.includes(GRACEFUL_SHUTDOWN)),
    ),
  );
}
