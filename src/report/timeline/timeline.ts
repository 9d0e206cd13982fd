import type { SessionDetail } from "../../bgp/control/session-detail.ts";
import type { Endpoint } from "../../net/endpoint.ts";
import { formatSessionEnd } from "../../net/session-name.ts";
import type { Plan } from "../../plan/plan.ts";
import { type SessionEvents, sessionEvents } from "./log-events.ts";

/** What a session passes on its way up, in this order; `discovery` may come after `tcp` where the peer was first. */
export const milestones = [
  "plumbing",
  "discovery",
  "tcp",
  "open",
  "established",
  "firstRoute",
  "lastRoute",
] as const;

export type Milestone = (typeof milestones)[number];

/** When which milestone was passed: milliseconds after `up` began; null for never, or unknown. */
export type Passed = Readonly<Record<Milestone, number | null>>;

/** How a lab came up. Plain JSON. */
export interface Timeline {
  readonly lab: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly sessions: readonly SessionTimeline[];
  /** When the last of the sessions passed each; null if one has not. */
  readonly all: Passed;
}

export interface SessionTimeline extends Endpoint {
  /** Its name: the interface's, or on a shared link with the peer's address, as in `eth0/fe80::3`. */
  readonly session: string;
  readonly peer: Endpoint;
  readonly passed: Passed;
}

/** What a timeline is made of. */
export interface TimelineFacts {
  /** When `up` began, ISO 8601; the first line of any log if unknown. */
  readonly startedAt: string | undefined;
  /** Each router's log, in bunyan's JSON lines. */
  readonly logs: ReadonlyMap<string, string>;
  /** Those of sessions of which more is known: they say what a log of few words does not. */
  readonly details: readonly SessionDetail[];
}

/** How the sessions of a plan came up for the first time, by the logs and histories of its routers. */
export function timelineOf({ lab, expectation }: Plan, facts: TimelineFacts): Timeline {
  const events = new Map([...facts.logs].map(([router, log]) => [router, sessionEvents(log)]));
  const details = new Map(facts.details.map((detail) => [formatSessionEnd(detail), detail]));
  const firsts = [...events.values()].flatMap(({ first }) => first ?? []);
  const startedAt = facts.startedAt ?? firsts.sort()[0] ?? new Date(0).toISOString();
  const after = (time: string | undefined) =>
    time === undefined ? null : Date.parse(time) - Date.parse(startedAt);
  const sessions = expectation.sessions.map(({ router, ifname, session, peer }) => {
    const own = events.get(router);
    const times = earliest(own?.sessions.get(session), details.get(formatSessionEnd({ router, session })));
    return { router, ifname, session, peer, passed: passedOf({ ...times, plumbing: own?.first }, after) };
  });
  const last = (milestone: Milestone) => latest(sessions.map(({ passed }) => passed[milestone]));
  return { lab, startedAt, sessions, all: byMilestone(last) };
}

type Times = Readonly<Partial<Record<Milestone, string | undefined>>>;

function passedOf(times: Times, after: (time: string | undefined) => number | null): Passed {
  return byMilestone((milestone) => after(times[milestone]));
}

function byMilestone<T>(value: (milestone: Milestone) => T): Readonly<Record<Milestone, T>> {
  return Object.fromEntries(milestones.map((milestone) => [milestone, value(milestone)])) as Record<
    Milestone,
    T
  >;
}

/** What a session's log says, completed from its history. */
function earliest(logged: SessionEvents | undefined, detail: SessionDetail | undefined): Times {
  const moved = (to: string) => detail?.transitions.find((transition) => transition.to === to)?.time;
  const received = (message: string) =>
    detail?.messages.filter((each) => each.direction === "received" && each.message === message) ?? [];
  const updates = received("update").filter(({ contents }) => contents.includes("announced:"));
  return {
    discovery: logged?.discovery,
    tcp: logged?.tcp ?? moved("open sent"),
    open: logged?.open ?? received("open")[0]?.time,
    established: logged?.established ?? moved("established"),
    firstRoute: logged?.firstRoute ?? updates[0]?.time,
    lastRoute: logged?.lastRoute ?? updates.at(-1)?.time,
  };
}

function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length < times.length || known.length === 0 ? null : Math.max(...known);
}
