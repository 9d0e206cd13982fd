import type { RouteStatus, SessionStatus, Transition } from "../bgp/control/status.ts";
import type { Address } from "../net/address.ts";
import { formatEndpoint } from "../net/endpoint.ts";
import { formatSessionEnd, sessionName } from "../net/session-name.ts";
import type { ExpectedRoute, ExpectedSession, Place, Plan } from "../plan/plan.ts";
import type { RouterCheck } from "./router-check.ts";
import { sameWay, viasOf } from "./routes-check.ts";

/** Something that is not as the plan expects, and why, in words. Plain JSON. */
export type Problem = {
  readonly reason: string;
  /** Where the file asks for it, or has the router or the end of a link from which it follows. */
  readonly place?: Place;
} & (
  | { readonly type: "lab" }
  | { readonly type: "router"; readonly router: string }
  | {
      readonly type: "session";
      readonly router: string;
      readonly ifname: string;
      /** Its name. */
      readonly session: string;
      /** The latest state transitions, oldest first. */
      readonly history: readonly Transition[];
    }
  | { readonly type: "route"; readonly router: string; readonly prefix: string }
  /** Something that the file asks for beside what follows from it. */
  | ({ readonly type: "check"; readonly router: string } & CheckSubject)
);

/** What a check is about beside its router, for who wants to know why it is not met. */
export interface CheckSubject {
  /** Name of a session of the router. */
  readonly session?: string;
  readonly prefix?: string;
  /** Whom it must reach, or must not. */
  readonly to?: string;
}

type Routers = ReadonlyMap<string, RouterCheck>;

/** How many transitions a report shows. */
const shownTransitions = 5;

/** All that is wrong: routers that do not answer, then sessions, then routes, each in the plan's order. */
export function problemsOf(plan: Plan, routers: Routers): Problem[] {
  const answering = new Map([...routers].filter(([, check]) => check.lost === undefined));
  const problems = [
    ...lostRouters(routers),
    ...sessionProblems(plan, answering),
    ...routeProblems(plan, answering),
    ...unexpectedRoutes(answering),
    ...undetailedRoutes(plan, answering),
  ];
  return problems.map((problem) => placed(plan, problem));
}

/** With the place of what it follows from: the end of a link for a session, a router for all else. */
function placed({ places }: Plan, problem: Problem): Problem {
  if (problem.type === "lab") return problem;
  const place = places[problem.type === "session" ? formatEndpoint(problem) : problem.router];
  return place ? { ...problem, place } : problem;
}

function lostRouters(routers: Routers): Problem[] {
  return [...routers].flatMap(([router, { lost }]): Problem[] =>
    lost === undefined ? [] : [{ type: "router", router, reason: `${router} does not answer: ${lost}` }],
  );
}

/** One problem for each expected session that is not as it should be. */
function sessionProblems(plan: Plan, routers: Routers): Problem[] {
  const routerIds = new Map(plan.nodes.map(({ name, router }) => [name, router.routerId]));
  return plan.expectation.sessions.flatMap((expected): Problem[] => {
    const check = routers.get(expected.router);
    if (!check?.unmetSessions.has(expected.session)) return [];
    const session = check.sessionCalled(expected.session);
    const reason = sessionReason(session, { ...expected, peerRouterId: routerIds.get(expected.peer.router) });
    return [
      {
        type: "session",
        router: expected.router,
        ifname: expected.ifname,
        session: expected.session,
        reason: `${formatEndpoint(expected)} with ${formatEndpoint(expected.peer)} ${reason}`,
        history: session?.history.slice(-shownTransitions) ?? [],
      },
    ];
  });
}

/** Why a session is not as expected, as what follows its name in a sentence. */
function sessionReason(
  session: SessionStatus | undefined,
  expected: ExpectedSession & { readonly peerRouterId: string | undefined },
): string {
  if (session === undefined) return "is not known: its router has not told of it";
  if (session.state !== "Established") return notEstablished(session);
  if (session.peerAsn !== expected.peerAsn) {
    return `is Established with AS ${session.peerAsn}, expected AS ${expected.peerAsn}`;
  }
  if (session.peerRouterId !== expected.peerRouterId) {
    return `is Established with router id ${session.peerRouterId}, expected ${expected.peerRouterId}`;
  }
  const absent = expected.families.filter((family) => !session.families.includes(family));
  return `is Established without ${absent.map((family) => `IPv${family} unicast`).join(" and ")}`;
}

function notEstablished({ state, waitingFor, lastError }: SessionStatus): string {
  const waiting = waitingFor === null ? "" : `, waiting for ${waitingFor}`;
  const error = lastError === null ? "" : `; last error: ${lastError}`;
  return `is ${state}${waiting}${error}`;
}

/** One problem for each expected route that is not as it should be. */
function routeProblems(plan: Plan, routers: Routers): Problem[] {
  const peers = new Map(
    plan.expectation.sessions.map((session) => [formatSessionEnd(session), session.peer.router]),
  );
  return plan.expectation.routes.flatMap((route): Problem[] => {
    const check = routers.get(route.router);
    if (!check?.routes.isUnmet(route.prefix)) return [];
    const peer =
      route.via === null
        ? undefined
        : peers.get(formatSessionEnd({ router: route.router, session: route.via }));
    return [problem(route, routeReason(route, { check, peer, routers }))];
  });
}

function problem({ router, prefix }: { router: string; prefix: string }, reason: string): Problem {
  return { type: "route", router, prefix, reason };
}

interface RouteContext {
  readonly check: RouterCheck;
  /** The router that is the expected next hop. */
  readonly peer: string | undefined;
  readonly routers: Routers;
}

function routeReason(expected: ExpectedRoute, context: RouteContext): string {
  const found = context.check.routeTo(expected.prefix);
  const { router, prefix } = expected;
  if (found === undefined) return `${router} has no route to ${prefix}: ${absence(expected, context)}`;
  if (!sameWay(found, expected)) {
    return `${router} reaches ${prefix} ${wayOf(found, expected)}, expected ${expectedWay(expected)}`;
  }
  const refusal = /^refused: (.*)$/.exec(found.kernel)?.[1];
  if (refusal !== undefined) return `the kernel of ${router} refused the route to ${prefix}: ${refusal}`;
  if (context.check.kernel === "kept out") {
    return `${router} should keep the route to ${prefix} out of the kernel, where it is ${found.kernel}`;
  }
  return `the kernel of ${router} does not use the route to ${prefix}: ${found.kernel}`;
}

/** Why there is no route at all: the first thing on its way that is missing. */
function absence({ via, prefix }: ExpectedRoute, { check, peer, routers }: RouteContext): string {
  if (via === null) return "it does not originate it";
  const session = check.sessionCalled(via);
  if (session?.state !== "Established") return `its session with ${peer} (${via}) is not Established`;
  const theirs = peer === undefined ? undefined : routers.get(peer)?.routeTo(prefix);
  return theirs === undefined
    ? `${peer} (${via}) has none either`
    : `${peer} (${via}) has one, but it has not come over the session`;
}

function expectedWay(expected: ExpectedRoute): string {
  return way(expected.via, viasOf(expected));
}

/** To whom on an interface matters where the expected way is over a shared link, or one of them. */
function wayOf({ via, nextHop, nextHops, decidedBy }: RouteStatus, expected: ExpectedRoute): string {
  const shared = [expected.via, ...viasOf(expected)].some((one) => one?.includes("/"));
  const name = (ifname: string, peer: Address | null) => sessionName({ ifname, peer: shared ? peer : null });
  const best = via === null ? null : name(via, nextHop);
  return `${way(
    best,
    nextHops.map((hop) => name(hop.via, hop.nextHop)),
  )} (${decidedBy})`;
}

/** @param vias all interfaces, the best route's first; none where packets are dropped */
function way(via: string | null, vias: readonly string[]): string {
  if (via === null) return "by itself, as its origin";
  if (vias.length === 0) return `via ${via}, dropping packets`;
  const last = vias.at(-1);
  return vias.length > 1 ? `via ${vias.slice(0, -1).join(", ")} and ${last}` : `via ${via}`;
}

/** Of routers that told no more than a digest. */
function undetailedRoutes(plan: Plan, routers: Routers): Problem[] {
  const unclear = [...routers].filter(([, { routes }]) => routes.isDigested && !routes.isDigestRight);
  if (unclear.length === 0) return [];
  const expected = Map.groupBy(plan.expectation.routes, ({ router }) => router);
  return unclear.map(([router, { routeCount }]) => {
    const due = expected.get(router)?.length ?? 0;
    const reason = `${router} has routes to ${routeCount} prefixes, not all as expected (${due}): fe80 routes shows them`;
    return { type: "router", router, reason };
  });
}

function unexpectedRoutes(routers: Routers): Problem[] {
  return [...routers].flatMap(([router, check]) =>
    [...check.routes.unexpected].map((prefix) =>
      problem(
        { router, prefix },
        `${router} has a route to ${prefix}, which nothing in the lab should bring it`,
      ),
    ),
  );
}
