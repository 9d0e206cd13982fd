import type { Prefix } from "../../net/prefix.ts";
import { formatSessionEnd, type SessionEnd, sessionName } from "../../net/session-name.ts";
import type { Plan } from "../../plan/plan.ts";
import { type SessionPeer, sessionPeers } from "../../plan/session-peers.ts";

/** A router on the way of a route. */
export interface Hop {
  readonly router: string;
  /** Name of the session over which the route comes; null at its origin. */
  readonly from: string | null;
  /** Name of the session over which it goes on; null at the end. */
  readonly to: string | null;
}

/** The way that a route should take, from its origin on. */
export interface RoutePath {
  /** Empty if nobody originates the prefix, or nothing leads there. */
  readonly hops: readonly Hop[];
  /** Whether the plan expects it, or it is just the shortest one over sessions. */
  readonly expected: boolean;
}

type Target = { readonly router: string; readonly prefix: Prefix };

/** The way to a router that the plan expects; the shortest one from any origin if it expects none. */
export function routePath(plan: Plan, target: Target): RoutePath {
  const peers = peersOf(plan);
  const expected = expectedHops(plan, target, peers);
  if (expected) return { hops: expected, expected: true };
  return { hops: shortestHops(plan, target, peers), expected: false };
}

/** The other end of each session that the plan sets up, by `r1:eth0` or `r1:eth0/fe80::3`. */
export function peersOf(plan: Plan): ReadonlyMap<string, SessionPeer> {
  const sessions = new Set(
    plan.nodes.flatMap(({ name, router }) =>
      router.sessions.map((session) => formatSessionEnd({ router: name, session: sessionName(session) })),
    ),
  );
  return new Map([...sessionPeers(plan)].filter(([end]) => sessions.has(end)));
}

function expectedHops(
  plan: Plan,
  { router, prefix }: Target,
  peers: ReadonlyMap<string, SessionEnd>,
): Hop[] | undefined {
  const routes = plan.expectation.routes.filter((route) => route.prefix === prefix);
  const vias = new Map(routes.map((route) => [route.router, route.via]));
  const hops: Hop[] = [];
  let at: SessionEnd | undefined = { router, session: "" };
  while (at) {
    const via = vias.get(at.router);
    if (via === undefined || hops.length > routes.length) return undefined;
    hops.unshift({ router: at.router, from: via, to: at.session || null });
    if (via === null) return hops;
    at = peers.get(formatSessionEnd({ router: at.router, session: via }));
  }
  return undefined;
}

/** Breadth first from the router, until one that originates the prefix. */
function shortestHops(plan: Plan, { router, prefix }: Target, peers: ReadonlyMap<string, SessionEnd>): Hop[] {
  const origins = new Set(
    plan.nodes.filter((node) => node.router.originate.includes(prefix)).map(({ name }) => name),
  );
  const sessions = new Map(plan.nodes.map(({ name, router: { sessions } }) => [name, sessions]));
  const queue: Hop[][] = [[{ router, from: null, to: null }]];
  const seen = new Set([router]);
  for (const hops of queue) {
    const [first, ...rest] = hops as [Hop, ...Hop[]];
    if (origins.has(first.router)) return hops;
    for (const session of (sessions.get(first.router) ?? []).map(sessionName)) {
      const peer = peers.get(formatSessionEnd({ router: first.router, session }));
      if (!peer || seen.has(peer.router)) continue;
      seen.add(peer.router);
      queue.push([
        { router: peer.router, from: null, to: peer.session },
        { ...first, from: session },
        ...rest,
      ]);
    }
  }
  return [];
}
