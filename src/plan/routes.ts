import { type Prefix, prefixFamily } from "../net/prefix.ts";
import type { Topology } from "../topology/topology.ts";
import { Effort } from "./effort.ts";
import { RoutesUndecidedError } from "./errors.ts";
import { createGraph } from "./graph.ts";
import { type Part, splitTopology } from "./parts.ts";
import { spread } from "./path-vector.ts";
import type { ExpectedRoute } from "./plan.ts";
import { isPrefixBlind, needsRelaxation } from "./preferences.ts";
import { type Origination, Relaxation } from "./relaxation.ts";
import { asPlainGraph, spreadShortest } from "./shortest.ts";
import type { Way, Ways } from "./way.ts";

/**
 * Every prefix at every router that BGP's rules bring it to, with the interfaces of the routes that it uses.
 *
 * In the order of the routers, then of the prefixes in the file.
 *
 * @throws {RoutesUndecidedError} if preferences leave a way open
 * @throws {RoutesTooManyError}
 */
export function expectedRoutes(topology: Topology): ExpectedRoute[] {
  const routes: ExpectedRoute[][] = topology.routers.map(() => []);
  const effort = new Effort(topology);
  for (const part of splitTopology(topology)) {
    const spreads = spreadAll(part, effort);
    for (const [router, place] of part.places.entries()) {
      const own = routes[place];
      const name = part.topology.routers[router]?.name ?? "";
      for (const { prefix, ways } of spreads) {
        const way = ways[router];
        if (way) own?.push(expectedRoute(name, prefix, way));
      }
    }
  }
  return routes.flat();
}

interface Spread extends Pick<Ways, "ways"> {
  readonly prefix: Prefix;
}

/**
 * The ways of all prefixes. Those of one family with the same origins that pass the same filters take the same ways, so that
 * the ways are worked out only once for all of them.
 */
function spreadAll({ topology, originations }: Part, effort: Effort): Spread[] {
  const passing = classifier(topology);
  const isBlind = isPrefixBlind(topology);
  const spreaders = new Map<string, Spreader>();
  const known = new Map<string, Ways>();
  return originations.map((origination) => {
    const { prefix, origins, attributes } = origination;
    const passed = passing(prefix);
    const spreader = spreaders.get(passed) ?? createSpreader(topology, prefix, effort);
    spreaders.set(passed, spreader);
    const key = `${isBlind ? passed : prefix} ${attributes.origin} ${origins.join()}`;
    const ways = known.get(key) ?? spreader(origination);
    known.set(key, ways);
    if (ways.undecided.length > 0) {
      const names = ways.undecided.map((index) => topology.routers[index]?.name ?? "");
      throw new RoutesUndecidedError(prefix, names, topology);
    }
    return { prefix, ways: ways.ways };
  });
}

function expectedRoute(router: string, prefix: Prefix, { via, also, drops }: Way): ExpectedRoute {
  if (also.length === 0 && !drops) return { router, prefix, via };
  return { router, prefix, via, ...(also.length > 0 && { also }), ...(drops && { drops }) };
}

/** Works out the ways of a prefix from its origins, by the quickest means that what is configured allows. */
type Spreader = (origination: Origination) => Ways;

function createSpreader(topology: Topology, prefix: Prefix, effort: Effort): Spreader {
  const graph = createGraph(topology, prefix);
  if (needsRelaxation(graph)) {
    const relaxation = new Relaxation(graph, effort);
    return (origination) => relaxation.spread(origination);
  }
  const plain = asPlainGraph(graph);
  return ({ origins }) => (plain ? spreadShortest(plain, origins) : spread(graph, origins, effort));
}

/** Tells prefixes apart that sessions do not let through alike: by the lists that they are on. */
function classifier({ links }: Topology): (prefix: Prefix) => string {
  const lists = links.flatMap(({ ends }) =>
    ends.flatMap(({ session }) => [session.importPrefixes, session.exportPrefixes]),
  );
  const filters = new Set(lists.filter((list) => list !== null).map((list) => list.toSorted().join()));
  const passed = new Map<string, number[]>();
  for (const [index, filter] of [...filters].entries()) {
    for (const prefix of new Set(filter.split(","))) {
      const known = passed.get(prefix);
      if (known) known.push(index);
      else passed.set(prefix, [index]);
    }
  }
  return (prefix) => `${prefixFamily(prefix)} ${passed.get(prefix)?.join() ?? ""}`;
}
