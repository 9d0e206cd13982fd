import type { NextHop } from "../bgp/wire/message.ts";
import type { GraphSession } from "./graph.ts";
import type { PrefixClasses } from "./prefix-classes.ts";
import type { Sort } from "./route.ts";

/** A session, as the router has it that tells, with what has been found out about it. */
export interface Outlet {
  readonly session: GraphSession;
  /** Among the outlets of its router. */
  readonly place: number;
  /** Among the sessions of all routers, by who hears. */
  readonly slot: number;
  /** Of the policies of both ends; undefined for those that do not look at prefixes. */
  readonly exported: PrefixClasses | undefined;
  readonly imported: PrefixClasses | undefined;
  /** Whether what is done to a route depends on its AS path, but for loops. */
  readonly readsPath: boolean;
  /** How many looks it is worth to work out what becomes of a route. */
  readonly effort: number;
  /** By the classes of the prefix. */
  readonly steps: Map<number, Map<Sort, Step | undefined>>;
}

/** What becomes of all routes of one sort. */
export interface Step {
  readonly sort: Sort;
  readonly nextHop: NextHop | undefined;
  /** What is put in front of the AS path; all of it where that is read. */
  readonly asns: readonly number[];
}

/** What it takes to let routes pass both ends of a session, beside one look for each rule. */
const transferEffort = 20;

export function createOutlet(
  place: Pick<Outlet, "session" | "place" | "slot" | "exported" | "imported">,
): Outlet {
  const { near, far } = place.session;
  const rules = (far.export?.rules.length ?? 0) + (near.import?.rules.length ?? 0);
  return { ...place, readsPath: readsPath(place.session), effort: transferEffort + rules, steps: new Map() };
}

function readsPath({ external, far, near }: GraphSession): boolean {
  const matches = [far.export, near.import].some((policy) =>
    policy?.rules.some(({ match }) => match.asPath !== undefined),
  );
  // Inside an AS, what is prepended counts where loops are looked for.
  const prepends = !external && far.export?.rules.some(({ set }) => set.prepend !== undefined);
  return far.session.removePrivateAs || matches || prepends === true;
}

/** Whether the policy of the end that tells looks at where a route came from. */
export function looksBack({ far }: GraphSession): boolean {
  return far.export?.rules.some(({ match: { peers, nextHops } }) => peers ?? nextHops) === true;
}
