import { partsOf } from "../topology/parts.ts";
import type { Link, Topology } from "../topology/topology.ts";
import { originations } from "./originations.ts";
import type { Origination } from "./relaxation.ts";

/** Routers that links join, directly or through others: what one part originates is not heard of in another. */
export interface Part {
  readonly topology: Topology;
  /** Where each of its routers is among all. */
  readonly places: readonly number[];
  /** With the places that the origins have in this part. */
  readonly originations: readonly Origination[];
}

/** A topology part by part, for whoever works out where a prefix goes looks at every router. */
export function splitTopology(topology: Topology): Part[] {
  const { routers } = topology;
  const names = routers.map(({ name }) => name);
  const pairs = topology.links.map(({ ends: [a, b] }) => [a.router, b.router] as const);
  const places = new Map(names.map((name, place) => [name, place]));
  const parts = partsOf(names, pairs).map((members) => {
    const own = members.map((name) => places.get(name) as number);
    return { places: own, links: [] as Link[], originations: [] as Origination[] };
  });
  /** By place among all: the part, and the place in it. */
  const seats = new Map(
    parts.flatMap((part) => part.places.map((place, index) => [place, { part, index }] as const)),
  );
  for (const link of topology.links) {
    seats.get(places.get(link.ends[0].router) as number)?.part.links.push(link);
  }
  for (const origination of originations(topology)) {
    const origins = origination.origins.map((place) => seats.get(place)).filter((seat) => seat !== undefined);
    for (const [part, own] of Map.groupBy(origins, ({ part }) => part)) {
      part.originations.push({ ...origination, origins: own.map(({ index }) => index) });
    }
  }
  return parts.map(({ places, links, originations }) => ({
    topology: { ...topology, routers: places.flatMap((place) => routers[place] ?? []), links },
    places,
    originations,
  }));
}
