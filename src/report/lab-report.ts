import type { SessionDetail } from "../bgp/control/session-detail.ts";
import type {
  ProcessStatus,
  RouterStatus,
  RouteStatus,
  SessionStatus,
  Status,
} from "../bgp/control/status.ts";
import type { Tally, Verdict } from "../checks/convergence.ts";
import type { Problem } from "../checks/problems.ts";
import type { Explanation } from "../checks/why/explanation.ts";
import type { Asn } from "../net/asn.ts";
import type { Expectation, Plan } from "../plan/plan.ts";

/** All that is told of a lab: the JSON of `inspect`, `up` and `test`, and what their tables show. */
export interface LabReport {
  readonly name: string;
  readonly converged: boolean;
  /** From the start of `up` until nothing changed any more; null if unknown or not converged. */
  readonly convergedAfterMs: number | null;
  readonly expected: { readonly sessions: Tally; readonly routes: Tally };
  readonly problems: readonly Problem[];
  /** Why the first few of them are there; empty unless the time was up. */
  readonly explanations: readonly Explanation[];
  readonly routers: readonly RouterStatus[];
  readonly sessions: readonly SessionReport[];
  /** Not all of them if they are very many (`lab/told-routes.ts`): each router tells how many it has. */
  readonly routes: readonly RouteStatus[];
  /** Those of our own speaker. */
  readonly processes: readonly ProcessReport[];
  /** Those of the lab's containers in which a daemon runs; empty where they have not been looked at. */
  readonly containers: readonly ContainerReport[];
}

/** What the Docker Engine has found when it last asked the daemon of a router. */
interface ContainerReport {
  readonly router: string;
  readonly name: string;
  readonly health: "starting" | "healthy" | "unhealthy";
}

/** What a process takes that runs so many routers. */
export type ProcessReport = ProcessStatus & { readonly name: string; readonly routers: number };

/** The router that the topology puts at a session's other end; null where it knows none. */
interface ExpectedPeer {
  readonly peerRouter: string | null;
  readonly expectedPeerAsn: Asn | null;
}

export type SessionReport = SessionStatus & ExpectedPeer;
export type SessionDetailReport = SessionDetail & ExpectedPeer;

export function createLabReport(input: {
  readonly plan: Plan;
  readonly status: Status;
  readonly verdict: Verdict;
  /** When `up` began, on the verdict's clock; undefined for a lab that somebody else brought up. */
  readonly startedAtMs?: number;
  readonly explanations?: readonly Explanation[];
  readonly processes?: readonly ProcessReport[];
  readonly containers?: readonly ContainerReport[] | undefined;
}): LabReport {
  const { plan, status, verdict, startedAtMs, explanations = [], processes = [], containers = [] } = input;
  const { converged, convergedAtMs } = verdict;
  const known = startedAtMs !== undefined && convergedAtMs !== null;
  return {
    name: plan.lab,
    converged,
    convergedAfterMs: known ? Math.round(convergedAtMs - startedAtMs) : null,
    expected: { sessions: verdict.sessions, routes: verdict.routes },
    problems: verdict.problems,
    explanations,
    routers: status.routers,
    sessions: status.sessions.map((session) => withPeer(session, plan.expectation)),
    routes: inOrder(status.routes, status.routers),
    processes,
    containers,
  };
}

/** A session, and what the topology knows of its other end. */
export function withPeer<T extends SessionStatus>(session: T, { sessions }: Expectation): T & ExpectedPeer {
  const expected = sessions.find((end) => end.router === session.router && end.session === session.session);
  return {
    ...session,
    peerRouter: expected?.peer.router ?? null,
    expectedPeerAsn: expected?.peerAsn ?? null,
  };
}

/** By router, then IPv4 before IPv6, then prefix. */
function inOrder(routes: readonly RouteStatus[], routers: readonly RouterStatus[]): RouteStatus[] {
  const places = new Map(routers.map(({ router }, index) => [router, index]));
  const place = ({ router }: RouteStatus) => places.get(router) ?? 0;
  const family = ({ prefix }: RouteStatus) => (prefix.includes(":") ? 6 : 4);
  const byPrefix = new Intl.Collator("en", { numeric: true });
  return routes.toSorted(
    (a, b) => place(a) - place(b) || family(a) - family(b) || byPrefix.compare(a.prefix, b.prefix),
  );
}
