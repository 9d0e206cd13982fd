import { type Prefix, prefixFamily } from "../net/prefix.ts";
import type { Topology } from "../topology/topology.ts";
import { RoutesUndecidedError } from "./errors.ts";
import { createGraph } from "./graph.ts";
import { type Part, splitTopology } from "./parts.ts";
import { spread } from "./path-vector.ts";
import type { ExpectedRoute } from "./plan.ts";
import { isPrefixBlind, needsRelaxation } from "./preferences.ts";
import { type Origination, relax } from "./relaxation.ts";
import { asPlainGraph, spreadShortest } from "./shortest.ts";
import type { Way, Ways } from "./way.ts";

/**
 * Every prefix at every router that BGP's rules bring it to, with the interfaces of the routes that it uses.
 *
 * In the order of the routers, then of the prefixes in the file.
 *
 * @throws {RoutesUndecidedError} if preferences leave a way open
 */
export function expectedRoutes(topology: Topology): ExpectedRoute[] {
  const routes: ExpectedRoute[][] = topology.routers.map(() => []);
  for (const part of splitTopology(topology)) {
    const spreads = spreadAll(part);
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
function spreadAll({ topology, originations }: Part): Spread[] {
  const classOf = classifier(topology);
  const spreaders = new Map<string, Spreader>();
  const known = new Map<string, Ways>();
  return originations.map((origination) => {
    const { prefix, origins, attributes } = origination;
    const passing = classOf(prefix);
    const spreader = spreaders.get(passing) ?? createSpreader(topology, prefix);
    spreaders.set(passing, spreader);
    const key = `${passing} ${attributes.origin} ${origins.join()}`;
    const ways = known.get(key) ?? spreader(origination);
    known.set(key, ways);
    if (ways.undecided.length > 0) {
      const names = ways.undecided.map((index) => topology.routers[index]?.name ?? "");
      throw new RoutesUndecidedError(prefix, names);
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

function createSpreader(topology: Topology, prefix: Prefix): Spreader {
  const graph = createGraph(topology, prefix);
  if (needsRelaxation(graph)) return (origination) => relax(graph, origination);
  const plain = asPlainGraph(graph);
  return ({ origins }) => (plain ? spreadShortest(plain, origins) : spread(graph, origins));
}

/** Tells prefixes apart that may be treated differently somewhere. */
function classifier(topology: Topology): (prefix: Prefix) => string {
  if (!isPrefixBlind(topology)) return (prefix) => prefix;
  const filters = filtersOf(topology);
  return (prefix) =>
    `${prefixFamily(prefix)} ${filters.map((filter) => Number(filter.has(prefix))).join("")}`;
}

/** Every list of prefixes that is a filter somewhere; prefixes that are on the same ones are let through alike. */
function filtersOf({ links }: Topology): ReadonlySet<Prefix>[] {
  const sessions = links.flatMap(({ ends }) => ends.map(({ session }) => session));
  const lists = sessions.flatMap(({ importPrefixes, exportPrefixes }) => [importPrefixes, exportPrefixes]);
  return Array.from(new Set(lists.filter((list) => list !== null)), (list) => new Set(list));
}
