import type { Problem } from "../checks/problems.ts";
import type { Explanation } from "../checks/why/explanation.ts";
import { pingRoutes, type RouteTarget } from "../checks/why/ping-routes.ts";
import { whyRoute } from "../checks/why/route.ts";
import { peersOf } from "../checks/why/route-path.ts";
import { whySession } from "../checks/why/session.ts";
import type { Prefix } from "../net/prefix.ts";
import { formatSessionEnd, type SessionEnd } from "../net/session-name.ts";
import type { Plan } from "../plan/plan.ts";
import type { Environment } from "./environment.ts";
import { ArgumentError, RouterUnknownError } from "./errors.ts";
import { findSession } from "./inspect-session.ts";
import { readRecord } from "./lab-directory.ts";
import { runningLab } from "./names.ts";
import { readPrefix } from "./routes.ts";
import { type Asked, gatherRoute, gatherSession } from "./why-facts.ts";

/** What a user asks about. */
export interface WhyTarget {
  /** A lab's name or topology file. */
  readonly lab: string;
  /** `r1:eth0` for a session, `r1:eth0/fe80::3` on a shared link, or a router. */
  readonly subject: string;
  /** A prefix, if the subject is a router. */
  readonly prefix: string | undefined;
}

/**
 * Why a session of a running lab is not up, or why a router has no route to a prefix.
 *
 * @throws {RouterUnknownError} {@link SessionUnknownError} {@link ArgumentError}
 */
export async function why(
  { lab, subject, prefix }: WhyTarget,
  { signal }: { signal: AbortSignal },
  environment: Environment,
): Promise<Explanation> {
  const { name } = await runningLab(lab, environment);
  const asked: Asked = { ...(await readRecord(name, environment)), environment, signal };
  if (prefix !== undefined) return await aboutRoute(asked, { router: subject, prefix: readPrefix(prefix) });
  if (!subject.includes(":")) {
    throw new ArgumentError(`${subject} alone says neither a session nor a route`, {
      hint: `fe80 why ${name} ${subject}:eth0, or fe80 why ${name} ${subject} 10.0.1.0/24`,
    });
  }
  const explanation = await explainSession(asked, findSession(asked.plan, subject));
  if (!explanation) throw new RangeError(`nobody is behind ${subject}`);
  return explanation;
}

async function aboutRoute(asked: Asked, target: { router: string; prefix: Prefix }): Promise<Explanation> {
  const { lab, nodes } = asked.plan;
  const routers = nodes.map(({ name }) => name);
  if (!routers.includes(target.router)) throw new RouterUnknownError({ lab, router: target.router, routers });
  return await explainRoute(asked, target);
}

/** How many problems are explained unasked. */
const explained = 3;

/** Why the first few things are not as expected: sessions, or routes where all sessions are up; none once the signal aborts. */
export async function explainProblems(asked: Asked, problems: readonly Problem[]): Promise<Explanation[]> {
  try {
    return await explainFirst(asked, problems);
  } catch (error) {
    // Whoever has no more time for it has a report all the same.
    if (asked.signal.aborted) return [];
    throw error;
  }
}

async function explainFirst(asked: Asked, problems: readonly Problem[]): Promise<Explanation[]> {
  const ends = oncePerSession(asked, problems.flatMap(sessionOf)).slice(0, explained);
  const sessions = await Promise.all(ends.map((end) => explainSession(asked, end)));
  const found = distinct(sessions.filter((each) => each !== undefined));
  if (found.length > 0) return found;
  const targets = problems.flatMap((problem) => routesOf(asked.plan, problem)).slice(0, explained);
  return distinct(await Promise.all(targets.map((target) => explainRoute(asked, target))));
}

async function explainSession(asked: Asked, end: SessionEnd): Promise<Explanation | undefined> {
  const facts = await gatherSession(asked, end);
  return facts && whySession(facts);
}

async function explainRoute(asked: Asked, target: RouteTarget): Promise<Explanation> {
  return whyRoute(await gatherRoute(asked, target));
}

/** The session that a problem is about. */
function sessionOf(problem: Problem): SessionEnd[] {
  if (problem.type !== "session" && problem.type !== "check") return [];
  const { router, session } = problem;
  return session === undefined ? [] : [{ router, session }];
}

/** The routes that a problem is about: of a ping those there and back. */
function routesOf(plan: Plan, problem: Problem): RouteTarget[] {
  if (problem.type !== "route" && problem.type !== "check") return [];
  const { router, prefix } = problem;
  if (prefix !== undefined) return [{ router, prefix: prefix as Prefix }];
  return problem.type === "check" && problem.to !== undefined
    ? pingRoutes(plan, { router, to: problem.to })
    : [];
}

/** Both ends of a session have the same cause: the first that is named is enough. */
function oncePerSession({ plan }: Asked, ends: readonly SessionEnd[]): SessionEnd[] {
  const peers = peersOf(plan);
  const seen = new Set<string>();
  return ends.filter((end) => {
    const peer = peers.get(formatSessionEnd(end));
    if (peer && seen.has(formatSessionEnd(peer))) return false;
    seen.add(formatSessionEnd(end));
    return true;
  });
}

/** Many routes may have one cause. */
function distinct(explanations: readonly Explanation[]): Explanation[] {
  return [...new Map(explanations.map((each) => [each.cause?.text, each])).values()].filter(
    ({ cause }) => cause !== null,
  );
}
