import { type Prefix, prefixFamily } from "../net/prefix.ts";
import type { Topology } from "../topology/topology.ts";
import { type Best, createGraph, spread } from "./path-vector.ts";
import type { ExpectedRoute } from "./plan.ts";

/**
 * Every prefix at every router that BGP's rules bring it to, with the interface of its best route.
 *
 * In the order of the routers, then of the prefixes in the file. Prefixes of one family with the same origins take the same ways, so
 * that the ways are worked out only once for all of them.
 */
export function expectedRoutes(topology: Topology): ExpectedRoute[] {
  const graphs = { 4: createGraph(topology, 4), 6: createGraph(topology, 6) };
  const bests = new Map<string, readonly (Best | undefined)[]>();
  const prefixes = Array.from(originsByPrefix(topology), ([prefix, origins]) => {
    const family = prefixFamily(prefix);
    const key = `${family} ${origins.join()}`;
    const best = bests.get(key) ?? spread(graphs[family], origins);
    bests.set(key, best);
    return { prefix, best };
  });
  return topology.routers.flatMap(({ name }, router) =>
    prefixes.flatMap(({ prefix, best }) => {
      const here = best[router];
      return here === undefined ? [] : [{ router: name, prefix, via: here.via }];
    }),
  );
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
