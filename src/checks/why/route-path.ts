import { type Endpoint, formatEndpoint } from "../../net/endpoint.ts";
import type { Prefix } from "../../net/prefix.ts";
import type { Plan } from "../../plan/plan.ts";

/** A router on the way of a route. */
export interface Hop {
  readonly router: string;
  /** Interface over which the route comes; null at its origin. */
  readonly from: string | null;
  /** Interface over which it goes on; null at the end. */
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

/** The other end of each session that the plan sets up, by endpoint. */
export function peersOf(plan: Plan): ReadonlyMap<string, Endpoint> {
  const sessions = new Set(
    plan.nodes.flatMap(({ name, router }) =>
      router.sessions.map(({ ifname }) => formatEndpoint({ router: name, ifname })),
    ),
  );
  const ends = plan.links.flatMap(({ ends: [a, b] }) => [[a, b] as const, [b, a] as const]);
  return new Map(
    ends
      .map(([near, far]) => [formatEndpoint(near), { router: far.router, ifname: far.ifname }] as const)
      .filter(([near]) => sessions.has(near)),
  );
}

function expectedHops(
  plan: Plan,
  { router, prefix }: Target,
  peers: ReadonlyMap<string, Endpoint>,
): Hop[] | undefined {
  const routes = plan.expectation.routes.filter((route) => route.prefix === prefix);
  const vias = new Map(routes.map((route) => [route.router, route.via]));
  const hops: Hop[] = [];
  let at: Endpoint | undefined = { router, ifname: "" };
  while (at) {
    const via = vias.get(at.router);
    if (via === undefined || hops.length > routes.length) return undefined;
    hops.unshift({ router: at.router, from: via, to: at.ifname || null });
    if (via === null) return hops;
    at = peers.get(formatEndpoint({ router: at.router, ifname: via }));
  }
  return undefined;
}

/** Breadth first from the router, until one that originates the prefix. */
function shortestHops(plan: Plan, { router, prefix }: Target, peers: ReadonlyMap<string, Endpoint>): Hop[] {
  const origins = new Set(
    plan.nodes.filter((node) => node.router.originate.includes(prefix)).map(({ name }) => name),
  );
  const sessions = new Map(plan.nodes.map(({ name, router: { sessions } }) => [name, sessions]));
  const queue: Hop[][] = [[{ router, from: null, to: null }]];
  const seen = new Set([router]);
  for (const hops of queue) {
    const [first, ...rest] = hops as [Hop, ...Hop[]];
    if (origins.has(first.router)) return hops;
    for (const { ifname } of sessions.get(first.router) ?? []) {
      const peer = peers.get(formatEndpoint({ router: first.router, ifname }));
      if (!peer || seen.has(peer.router)) continue;
      seen.add(peer.router);
      queue.push([{ router: peer.router, from: null, to: peer.ifname }, { ...first, from: ifname }, ...rest]);
    }
  }
  return [];
}
