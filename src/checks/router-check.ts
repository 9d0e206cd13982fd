import type { NextHopStatus, RouteStatus, SessionStatus } from "../bgp/control/status.ts";
import type { Address, RouterId } from "../net/address.ts";
import { sessionName } from "../net/session-name.ts";
import type { ExpectedRoute, ExpectedSession } from "../plan/plan.ts";

/** What a router should have. */
interface Expected {
  readonly sessions: readonly ExpectedSession[];
  readonly routes: readonly ExpectedRoute[];
  /** Prefixes that may be there as well. */
  readonly open: ReadonlySet<string>;
  /** By router. */
  readonly routerIds: ReadonlyMap<string, RouterId>;
  /** Whether its routes go into the kernel. */
  readonly install: boolean;
}

/** What a router has. */
interface Found {
  readonly sessions: readonly SessionStatus[];
  readonly routes: readonly RouteStatus[];
}

/** One router's facts beside what is expected of it. Its methods tell whether anything that matters has changed. */
export class RouterCheck {
  readonly #expectedSessions: ReadonlyMap<string, ExpectedSession>;
  readonly #expectedRoutes: ReadonlyMap<string, ExpectedRoute>;
  readonly #open: ReadonlySet<string>;
  readonly #routerIds: ReadonlyMap<string, RouterId>;
  readonly #sessions = new Map<string, SessionStatus>();
  readonly #routes = new Map<string, RouteStatus>();
  #lost: string | undefined;
  #answered = false;

  /** What the kernel should make of a learnt route. */
  readonly kernel: "installed" | "kept out";
  /** Names of the expected sessions that are not as they should be. */
  readonly unmetSessions: Set<string>;
  /** Prefixes of the expected routes that are not as they should be. */
  readonly unmetRoutes: Set<string>;
  /** Prefixes that nothing should have brought here. */
  readonly unexpectedRoutes = new Set<string>();

  constructor(expected: Expected) {
    this.#expectedSessions = new Map(expected.sessions.map((session) => [session.session, session]));
    this.#expectedRoutes = new Map(expected.routes.map((route) => [route.prefix, route]));
    this.#open = expected.open;
    this.#routerIds = expected.routerIds;
    this.kernel = expected.install ? "installed" : "kept out";
    this.unmetSessions = new Set(this.#expectedSessions.keys());
    this.unmetRoutes = new Set(this.#expectedRoutes.keys());
  }

  /** How many things are not as they should be. */
  get wrong(): number {
    const sum = this.unmetSessions.size + this.unmetRoutes.size + this.unexpectedRoutes.size;
    return sum + (this.#lost === undefined ? 0 : 1);
  }

  /** Why the router cannot be asked, if so. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** Whether anything is known of the router. */
  get answered(): boolean {
    return this.#answered;
  }

  get sessions(): Iterable<SessionStatus> {
    return this.#sessions.values();
  }

  get routes(): Iterable<RouteStatus> {
    return this.#routes.values();
  }

  /** How many prefixes it has a route to. */
  get routeCount(): number {
    return this.#routes.size;
  }

  sessionCalled(name: string): SessionStatus | undefined {
    return this.#sessions.get(name);
  }

  routeTo(prefix: string): RouteStatus | undefined {
    return this.#routes.get(prefix);
  }

  /** Nothing of what was known can be relied on any more. */
  lose(reason: string): boolean {
    this.replace({ sessions: [], routes: [] });
    for (const name of this.#expectedSessions.keys()) this.unmetSessions.add(name);
    this.#sessions.clear();
    this.#answered = false;
    this.#lost = reason;
    return true;
  }

  /** Takes a whole status: what it does not name is gone. */
  replace(found: Found): boolean {
    let changed = !this.#answered;
    this.#lost = undefined;
    this.#answered = true;
    const prefixes = new Set<string>(found.routes.map(({ prefix }) => prefix));
    for (const { prefix } of [...this.#routes.values()]) {
      if (!prefixes.has(prefix)) changed = this.routeGone(prefix) || changed;
    }
    for (const session of found.sessions) changed = this.session(session) || changed;
    for (const route of found.routes) changed = this.route(route) || changed;
    return changed;
  }

  session(session: SessionStatus): boolean {
    const before = this.#sessions.get(session.session);
    this.#sessions.set(session.session, session);
    const expected = this.#expectedSessions.get(session.session);
    if (expected === undefined) return false;
    const met = sessionMet(session, expected, this.#routerIds.get(expected.peer.router));
    mark(this.unmetSessions, session.session, !met);
    return before === undefined || !sameSession(before, session);
  }

  route(route: RouteStatus): boolean {
    const before = this.#routes.get(route.prefix);
    this.#routes.set(route.prefix, route);
    const expected = this.#expectedRoutes.get(route.prefix);
    if (expected === undefined) mark(this.unexpectedRoutes, route.prefix, !this.#open.has(route.prefix));
    else mark(this.unmetRoutes, route.prefix, !this.#routeMet(route, expected));
    return before === undefined || !sameRoute(before, route);
  }

  routeGone(prefix: string): boolean {
    this.unexpectedRoutes.delete(prefix);
    if (this.#expectedRoutes.has(prefix)) this.unmetRoutes.add(prefix);
    return this.#routes.delete(prefix);
  }

  #routeMet(route: RouteStatus, expected: ExpectedRoute): boolean {
    if (!sameWay(route, expected)) return false;
    if (expected.via === null) return route.kernel === "connected";
    // A program that gives the kernel no routes says "none" of them all.
    return route.kernel === this.kernel || route.kernel === "none";
  }
}

function mark(set: Set<string>, key: string, present: boolean): void {
  if (present) set.add(key);
  else set.delete(key);
}

function sessionMet(
  session: SessionStatus,
  expected: ExpectedSession,
  peerId: RouterId | undefined,
): boolean {
  return (
    session.state === "Established" &&
    session.peerAsn === expected.peerAsn &&
    session.peerRouterId === peerId &&
    expected.families.every((family) => session.families.includes(family))
  );
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

/** Whether nothing happened between two statuses of a session, judged by what only grows as well as by its state. */
function sameSession(a: SessionStatus, b: SessionStatus): boolean {
  return (
    a.state === b.state &&
    a.establishedCount === b.establishedCount &&
    a.connectionId === b.connectionId &&
    a.peerAsn === b.peerAsn &&
    a.families.length === b.families.length
  );
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
