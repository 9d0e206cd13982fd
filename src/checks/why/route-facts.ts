import type { RouterConfig } from "../../bgp/config/config.ts";
import type { RouteDetail } from "../../bgp/control/route-detail.ts";
import type { RouteStatus, SessionStatus } from "../../bgp/control/status.ts";
import type { Prefix } from "../../net/prefix.ts";
import type { Hop } from "./route-path.ts";

/** All that can be learnt of a route to one router: what each router on its way knows of the prefix. */
export interface RouteFacts {
  /** The lab's name, for commands in hints. */
  readonly lab: string;
  readonly router: string;
  readonly prefix: Prefix;
  /** From the origin to the router; empty if nobody originates the prefix, or nothing leads there. */
  readonly path: readonly Hop[];
  /** Whether the plan expects the route to come this way. */
  readonly expected: boolean;
  /** Routers of the path, and the router itself. */
  readonly routers: ReadonlyMap<string, RouterFacts>;
  /** What the router's kernel has for the prefix: interfaces of its next hops, none where packets are dropped; undefined for nothing. */
  readonly kernel: readonly string[] | undefined;
}

/** What one router tells of a prefix. */
export interface RouterFacts {
  readonly config: RouterConfig;
  /** Why it does not answer, in words; undefined if it does. */
  readonly silence: string | undefined;
  readonly sessions: readonly SessionStatus[];
  readonly best: RouteStatus | undefined;
  /** All routes that it has to the prefix; undefined if it does not tell. */
  readonly candidates: readonly RouteDetail[] | undefined;
  /** What the router before it on the path told, as it came, and what it made of that; undefined if it does not tell. */
  readonly received: RouteDetail | "nothing" | undefined;
  /** What it tells the next router on the path; undefined if it does not tell. */
  readonly told: RouteDetail | "nothing" | undefined;
}

/** @throws {RangeError} if the facts lack a router of their path */
export function routerOf({ routers }: Pick<RouteFacts, "routers">, name: string): RouterFacts {
  const found = routers.get(name);
  if (!found) throw new RangeError(`nothing is known of ${name}`);
  return found;
}
