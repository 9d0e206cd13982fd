import type { RouterStatus, RouteStatus, SessionStatus } from "../bgp/control/status.ts";
import type { RouterId } from "../net/address.ts";
import type { ExpectedRoute, ExpectedSession } from "../plan/plan.ts";
import type { ExpectedDigests } from "./expected-digest.ts";
import { RoutesCheck } from "./routes-check.ts";

/** What a router should have. */
interface Expected {
  readonly sessions: readonly ExpectedSession[];
  readonly routes: readonly ExpectedRoute[];
  /** Whether it may have a route to a prefix that is not expected. */
  readonly isOpen: (prefix: string) => boolean;
  /** Whether it need not answer. */
  readonly isAway: boolean;
  /** By router. */
  readonly routerIds: ReadonlyMap<string, RouterId>;
  /** Whether its routes go into the kernel. */
  readonly install: boolean;
  readonly digests: ExpectedDigests;
}

/** What a router has. */
interface Found {
  /** With a digest, if routes are not all told one by one. */
  readonly router: RouterStatus;
  readonly sessions: readonly SessionStatus[];
  readonly routes: readonly RouteStatus[];
}

/** One router's facts beside what is expected of it. Its methods tell whether anything that matters has changed. */
export class RouterCheck {
  readonly #expectedSessions: ReadonlyMap<string, ExpectedSession>;
  readonly #routerIds: ReadonlyMap<string, RouterId>;
  readonly #isAway: boolean;
  readonly #sessions = new Map<string, SessionStatus>();
  #lost: string | undefined;
  #answered = false;

  /** What the kernel should make of a learnt route. */
  readonly kernel: "installed" | "kept out";
  /** Names of the expected sessions that are not as they should be. */
  readonly unmetSessions: Set<string>;
  readonly routes: RoutesCheck;

  constructor(expected: Expected) {
    const { sessions, routes, isOpen, isAway, routerIds, install, digests } = expected;
    this.#expectedSessions = new Map(sessions.map((session) => [session.session, session]));
    this.#routerIds = routerIds;
    this.#isAway = isAway;
    this.kernel = install ? "installed" : "kept out";
    this.unmetSessions = new Set(this.#expectedSessions.keys());
    this.routes = new RoutesCheck({ routes, isOpen, kernel: this.kernel, digests });
  }

  /** How many things are not as they should be. */
  get wrong(): number {
    return this.unmetSessions.size + this.routes.wrong + (this.#lost === undefined ? 0 : 1);
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

  /** How many prefixes it has a route to. */
  get routeCount(): number {
    return this.routes.count;
  }

  sessionCalled(name: string): SessionStatus | undefined {
    return this.#sessions.get(name);
  }

  routeTo(prefix: string): RouteStatus | undefined {
    return this.routes.routeTo(prefix);
  }

  /** Nothing of what was known can be relied on any more. */
  lose(reason: string): boolean {
    this.routes.forget();
    for (const name of this.#expectedSessions.keys()) this.unmetSessions.add(name);
    this.#sessions.clear();
    this.#answered = false;
    this.#lost = this.#isAway ? undefined : reason;
    return true;
  }

  /** Takes a whole status: what it does not name is gone. */
  replace({ router, sessions, routes }: Found): boolean {
    let changed = !this.#answered;
    this.#lost = undefined;
    this.#answered = true;
    for (const session of sessions) changed = this.session(session) || changed;
    if (router.digest === undefined) return this.routes.replace(routes) || changed;
    this.routes.replaceSome(routes);
    return this.routes.digest(router) || changed;
  }

  session(session: SessionStatus): boolean {
    const before = this.#sessions.get(session.session);
    this.#sessions.set(session.session, session);
    const expected = this.#expectedSessions.get(session.session);
    if (expected === undefined) return false;
    if (sessionMet(session, expected, this.#routerIds.get(expected.peer.router))) {
      this.unmetSessions.delete(session.session);
    } else {
      this.unmetSessions.add(session.session);
    }
    return before === undefined || !sameSession(before, session);
  }
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
