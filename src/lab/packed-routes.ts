import type { ExpectedRoute } from "../plan/plan.ts";

/** Expected routes as a lab's record has them: whatever repeats is there once. A thousand routers have a million of them. */
export interface PackedRoutes {
  readonly routers: readonly string[];
  readonly prefixes: readonly ExpectedRoute["prefix"][];
  readonly ways: readonly Way[];
  /** Three for each route: the places of its router, its prefix and its way above. */
  readonly places: readonly number[];
}

/** All of a route but whose it is, and whereto. */
type Way = Omit<ExpectedRoute, "router" | "prefix">;

export function packRoutes(routes: readonly ExpectedRoute[]): PackedRoutes {
  const [routers, prefixes] = [new Places<string>(), new Places<ExpectedRoute["prefix"]>()];
  const ways = new Places<Way>();
  const places = routes.flatMap(({ router, prefix, ...way }) => [
    routers.of(router, router),
    prefixes.of(prefix, prefix),
    ways.of(isPlain(way) ? way.via : JSON.stringify(way), way),
  ]);
  return { routers: routers.values, prefixes: prefixes.values, ways: ways.values, places };
}

/** @throws {RangeError} if that is not what {@link packRoutes} made */
export function unpackRoutes({ routers, prefixes, ways, places }: PackedRoutes): ExpectedRoute[] {
  const at = <T>(values: readonly T[], index: number): T => {
    const value = values[places[index] ?? -1];
    if (value === undefined) throw new RangeError(`nothing is at place ${places[index]}`);
    return value;
  };
  return Array.from({ length: places.length / 3 }, (_, index) => ({
    router: at(routers, 3 * index),
    prefix: at(prefixes, 3 * index + 1),
    ...at(ways, 3 * index + 2),
  }));
}

/** Nearly all are: to make a text of each would take long. */
function isPlain({ also, drops }: Way): boolean {
  return also === undefined && drops === undefined;
}

/** Values in the order in which they came first. */
class Places<T> {
  readonly values: T[] = [];
  readonly #places = new Map<string | null, number>();

  /** Where a value is that has this key. */
  of(key: string | null, value: T): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.values.length);
    return this.values.push(value) - 1;
  }
}
