import { type Prefix, prefixFamily } from "../net/prefix.ts";
import type { Topology } from "../topology/topology.ts";
import { RoutesUndecidedError } from "./errors.ts";
import { createGraph, type Graph } from "./graph.ts";
import { type Spread, spread } from "./path-vector.ts";
import type { ExpectedRoute } from "./plan.ts";

/**
 * Every prefix at every router that BGP's rules bring it to, with the interface of its best route.
 *
 * In the order of the routers, then of the prefixes in the file. Prefixes of one family with the same origins that pass the
 * same filters take the same ways, so that the ways are worked out only once for all of them.
 *
 * @throws {RoutesUndecidedError} if preferences leave a way open
 */
export function expectedRoutes(topology: Topology): ExpectedRoute[] {
  const filters = filtersOf(topology);
  const graphs = new Map<string, Graph>();
  const spreads = new Map<string, Spread>();
  const prefixes = Array.from(originsByPrefix(topology), ([prefix, origins]) => {
    const family = prefixFamily(prefix);
    const passing = `${family} ${filters.map((filter) => Number(filter.has(prefix))).join("")}`;
    const graph = graphs.get(passing) ?? createGraph(topology, prefix);
    graphs.set(passing, graph);
    const key = `${passing} ${origins.join()}`;
    const known = spreads.get(key) ?? spread(graph, origins);
    spreads.set(key, known);
    if (known.undecided.length > 0) {
      const names = known.undecided.map((index) => topology.routers[index]?.name ?? "");
      throw new RoutesUndecidedError(prefix, names);
    }
    return { prefix, best: known.best };
  });
  return topology.routers.flatMap(({ name }, router) =>
    prefixes.flatMap(({ prefix, best }) => {
      const here = best[router];
      return here === undefined ? [] : [{ router: name, prefix, via: here.via }];
    }),
  );
}

/** Every list of prefixes that is a filter somewhere; prefixes that are on the same ones are let through alike. */
function filtersOf({ links }: Topology): ReadonlySet<Prefix>[] {
  const sessions = links.flatMap(({ ends }) => ends.map(({ session }) => session));
  const lists = sessions.flatMap(({ importPrefixes, exportPrefixes }) => [importPrefixes, exportPrefixes]);
  return Array.from(new Set(lists.filter((list) => list !== null)), (list) => new Set(list));
}

/** The places in the file of the routers that originate each prefix. */
function originsByPrefix({ routers }: Topology): Map<Prefix, number[]> {
  const origins = new Map<Prefix, number[]>();
  for (const [index, { originate }] of routers.entries()) {
    for (const prefix of new Set(originate)) {
      const known = origins.get(prefix);
      if (known) known.push(index);
      else origins.set(prefix, [index]);
    }
  }
  return origins;
}
