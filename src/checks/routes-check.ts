import type { NextHopStatus, RouterStatus, RouteStatus } from "../bgp/control/status.ts";
import type { Address } from "../net/address.ts";
import { sessionName } from "../net/session-name.ts";
import type { ExpectedRoute } from "../plan/plan.ts";
import type { ExpectedDigests } from "./expected-digest.ts";

/** What a router should have. */
interface Expected {
  readonly routes: readonly ExpectedRoute[];
  /** Whether there may be a route to a prefix that is not expected; never in a digest. */
  readonly isOpen: (prefix: string) => boolean;
  /** What the kernel should make of a learnt route. */
  readonly kernel: "installed" | "kept out";
  readonly digests: ExpectedDigests;
}

/** What is known where routes were told one by one. */
interface Compared {
  readonly expected: ReadonlyMap<string, ExpectedRoute>;
  /** Prefixes of the expected routes that are not as they should be. */
  readonly unmet: Set<string>;
  /** Prefixes that nothing should have brought here. */
  readonly unexpected: Set<string>;
}

/**
 * One router's routes beside what is expected of them.
 *
 * A router tells all of them one by one, or in a digest, with some of them beside it. A digest alone says whether all are as they
 * should be, and costs next to nothing however many they are; it does not say which are not.
 */
export class RoutesCheck {
  readonly #expected: Expected;
  readonly #told = new Map<string, RouteStatus>();
  #compared: Compared | undefined;
  #digested: RouterStatus | undefined;
  #expectedDigest: string | undefined;

  constructor(expected: Expected) {
    this.#expected = expected;
  }

  /** How many things are not as they should be; at least one, if it is not known how many. */
  get wrong(): number {
    if (this.#compared) return this.#compared.unmet.size + this.#compared.unexpected.size;
    return this.#digested ? Number(!this.isDigestRight) : this.#expected.routes.length;
  }

  /** How many of the expected routes are not as they should be, as far as it is known. */
  get unmet(): number {
    if (this.#compared) return this.#compared.unmet.size;
    const { length } = this.#expected.routes;
    if (!this.#digested) return length;
    return this.isDigestRight ? 0 : Math.min(length, Math.max(1, length - this.count));
  }

  /** Whether it is known of each route how it is. */
  get isDigested(): boolean {
    return this.#digested !== undefined;
  }

  /** Whether the digest that was told, if one was, is that of the expected routes. */
  get isDigestRight(): boolean {
    const { routes, digests } = this.#expected;
    if (this.#digested?.routeCount !== routes.length) return false;
    this.#expectedDigest ??= digests.of(routes);
    return this.#digested.digest === this.#expectedDigest;
  }

  /** Prefixes that nothing should have brought here, as far as it is known. */
  get unexpected(): Iterable<string> {
    return this.#compared?.unexpected ?? [];
  }

  /** How many prefixes there are routes to. */
  get count(): number {
    return this.#digested?.routeCount ?? this.#told.size;
  }

  /** Those that were told one by one. */
  get told(): Iterable<RouteStatus> {
    return this.#told.values();
  }

  routeTo(prefix: string): RouteStatus | undefined {
    return this.#told.get(prefix);
  }

  isUnmet(prefix: string): boolean {
    return this.#compared?.unmet.has(prefix) ?? false;
  }

  /** Nothing is known any more. */
  forget(): void {
    this.#told.clear();
    this.#compared = undefined;
    this.#digested = undefined;
  }

  /** Takes a digest. @returns whether anything has changed */
  digest(router: RouterStatus): boolean {
    const before = this.#digested;
    this.#compared = undefined;
    this.#digested = router;
    return before?.digest !== router.digest || before?.changeCount !== router.changeCount;
  }

  /** Takes all routes: those that are not named are gone. @returns whether anything has changed, which a digest would have told before */
  replace(routes: readonly RouteStatus[]): boolean {
    const { isDigested } = this;
    let changed = false;
    this.#digested = undefined;
    this.#compare();
    const prefixes = new Set<string>(routes.map(({ prefix }) => prefix));
    for (const prefix of [...this.#told.keys()]) {
      if (!prefixes.has(prefix)) changed = this.gone(prefix) || changed;
    }
    for (const route of routes) changed = this.route(route) || changed;
    return changed && !isDigested;
  }

  /** Takes those that are told one by one beside a digest. */
  replaceSome(routes: readonly RouteStatus[]): void {
    this.#told.clear();
    for (const route of routes) this.#told.set(route.prefix, route);
  }

  route(route: RouteStatus): boolean {
    const before = this.#told.get(route.prefix);
    this.#told.set(route.prefix, route);
    if (!this.isDigested) this.#judge(route, this.#compare());
    return before === undefined || !sameRoute(before, route);
  }

  gone(prefix: string): boolean {
    if (!this.isDigested) {
      const { expected, unmet, unexpected } = this.#compare();
      unexpected.delete(prefix);
      if (expected.has(prefix)) unmet.add(prefix);
    }
    return this.#told.delete(prefix);
  }

  #compare(): Compared {
    if (this.#compared) return this.#compared;
    const expected = new Map(this.#expected.routes.map((route) => [route.prefix, route]));
    this.#compared = { expected, unmet: new Set(expected.keys()), unexpected: new Set() };
    for (const route of this.#told.values()) this.#judge(route, this.#compared);
    return this.#compared;
  }

  #judge(route: RouteStatus, { expected, unmet, unexpected }: Compared): void {
    const due = expected.get(route.prefix);
    if (due === undefined && !this.#expected.isOpen(route.prefix)) unexpected.add(route.prefix);
    else if (due === undefined) unexpected.delete(route.prefix);
    else if (this.#isMet(route, due)) unmet.delete(route.prefix);
    else unmet.add(route.prefix);
  }

  #isMet(route: RouteStatus, expected: ExpectedRoute): boolean {
    if (!sameWay(route, expected)) return false;
    if (expected.via === null) return route.kernel === "connected";
    // A program that gives the kernel no routes says "none" of them all.
    return route.kernel === this.#expected.kernel || route.kernel === "none";
  }
}

/** Whether packets go where they should, over all interfaces of a multipath in whatever order. */
export function sameWay(route: RouteStatus, expected: ExpectedRoute): boolean {
  const due = viasOf(expected);
  if (route.via === null || expected.via === null) return route.via === expected.via;
  if (!isBy(route.via, route.nextHop, expected.via) || route.nextHops.length !== due.length) return false;
  return route.nextHops.every(({ via, nextHop }) => due.some((way) => isBy(via, nextHop, way)));
}

/** Whether a next hop is the way that is meant: on a link of two any on that interface, else just that one. */
function isBy(ifname: string, nextHop: Address | null, way: string): boolean {
  return way === ifname || way === sessionName({ ifname, peer: nextHop });
}

/** By which interfaces packets should leave, and on shared links to whom. */
export function viasOf({ via, also = [], drops = false }: ExpectedRoute): readonly string[] {
  return via === null || drops ? [] : [via, ...also];
}

function sameRoute(a: RouteStatus, b: RouteStatus): boolean {
  return (
    a.via === b.via &&
    a.nextHop === b.nextHop &&
    a.asPath === b.asPath &&
    a.kernel === b.kernel &&
    a.nextHops.length === b.nextHops.length &&
    a.nextHops.every((hop, index) => isSameHop(hop, b.nextHops[index]))
  );
}

function isSameHop(a: NextHopStatus, b: NextHopStatus | undefined): boolean {
  return a.via === b?.via && a.nextHop === b.nextHop;
}
