import type { RouteStatus, SessionStatus } from "../../bgp/control/status.ts";
import { formatSessionEnd } from "../../net/session-name.ts";
import type { Check } from "../../plan/plan.ts";

/** What a router tells with each change, as far as checks look at it. */
export interface StatusFacts {
  /** A session by its name. */
  sessionCalled(name: string): SessionStatus | undefined;
  routeTo(prefix: string): RouteStatus | undefined;
  readonly routeCount: number;
}

/** What is not as a check wants it, as a sentence; undefined if all is that a router tells with each change. */
export function statusMismatch(check: Check, facts: StatusFacts): string | undefined {
  switch (check.type) {
    case "session":
      return inOne(sessionMismatches(check, facts.sessionCalled(check.session)));
    case "route":
      return inOne(routeMismatches(check, facts.routeTo(check.prefix)));
    case "routeCount":
      return facts.routeCount === check.count
        ? undefined
        : `${check.router} has a route to ${facts.routeCount} ${facts.routeCount === 1 ? "prefix" : "prefixes"}, expected ${check.count}`;
    case "kernel":
    case "ping":
      return undefined;
    default:
      return check satisfies never;
  }
}

/** All that is not as a check wants it, as one text; undefined if nothing is. */
export function inOne(mismatches: Iterable<string>): string | undefined {
  return [...mismatches].join("; ") || undefined;
}

function* sessionMismatches(
  check: Extract<Check, { type: "session" }>,
  session: SessionStatus | undefined,
): Generator<string> {
  const name = formatSessionEnd(check);
  if (!session) return yield `${name} is not known: its router has not told of it`;
  const { state, families, holdTime, peerAsn, lastError, flaps } = check;
  const found = session.state;
  if (state === "down" ? found === "Established" : state !== undefined && found !== state) {
    // What ended the session before says nothing of one that is up again.
    const { lastError } = session;
    const error = lastError === null || found === "Established" ? "" : `; last error: ${lastError}`;
    return yield `${name} is ${found}, expected ${state}${error}`;
  }
  const words = (list: readonly number[]) =>
    list
      .map((family) => `IPv${family}`)
      .toSorted()
      .join(" and ") || "none";
  if (families !== undefined && words(families) !== words(session.families)) {
    yield `${name} exchanges ${words(session.families)}, expected ${words(families)}`;
  }
  if (holdTime !== undefined && session.holdTime !== holdTime) {
    yield `${name} has hold time ${session.holdTime ?? "unknown"}, expected ${holdTime}`;
  }
  if (peerAsn !== undefined && session.peerAsn !== peerAsn) {
    yield `${name} has a peer of AS ${session.peerAsn ?? "unknown"}, expected ${peerAsn}`;
  }
  if (lastError !== undefined && !(session.lastError ?? "").includes(lastError)) {
    yield `the last error of ${name} is ${quote(session.lastError)}, expected one with ${quote(lastError)}`;
  }
  const times = Math.max(0, session.establishedCount - 1);
  if (flaps !== undefined && times !== flaps) yield `${name} has flapped ${times} times, expected ${flaps}`;
}

const quote = (text: string | null): string => (text === null ? "none" : JSON.stringify(text));

function* routeMismatches(
  { router, prefix, present, via, asPath, nextHop, decidedBy }: Extract<Check, { type: "route" }>,
  route: RouteStatus | undefined,
): Generator<string> {
  if (!present) {
    if (route) yield `${router} has a route to ${prefix} ${wayOf(viasOf(route))}, expected none`;
    return;
  }
  if (!route) return yield `${router} has no route to ${prefix}`;
  if (via !== undefined && !sameSet(via, viasOf(route))) {
    yield `${router} reaches ${prefix} ${wayOf(viasOf(route))}, expected ${wayOf(via)}`;
  }
  const name = `the route of ${router} to ${prefix}`;
  if (asPath !== undefined && route.asPath !== asPath) {
    yield `${name} has the AS path ${quote(route.asPath)}, expected ${quote(asPath)}`;
  }
  if (nextHop !== undefined && route.nextHop !== nextHop) {
    yield `${name} has the next hop ${route.nextHop ?? "none"}, expected ${nextHop}`;
  }
  if (decidedBy !== undefined && !route.decidedBy.toLowerCase().includes(decidedBy.toLowerCase())) {
    yield `${name} is the best by ${quote(route.decidedBy)}, expected by ${quote(decidedBy)}`;
  }
}

const viasOf = ({ nextHops }: RouteStatus): string[] => nextHops.map(({ via }) => via);

/** Interfaces as what follows a prefix. */
export const wayOf = (vias: readonly string[]): string =>
  vias.length === 0 ? "by itself, or not at all" : `via ${vias.join(", ")}`;

/** Whether two lists have the same in them, in whatever order, and however often: a shared link leads to several next hops. */
export function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const [first, second] = [new Set(a), new Set(b)];
  return first.size === second.size && b.every((each) => first.has(each));
}
