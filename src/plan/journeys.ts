import type { Policy } from "../bgp/policy/policy.ts";
import type { NextHop, PathAttributes } from "../bgp/wire/message.ts";
import type { Prefix } from "../net/prefix.ts";
import { type AsPath, asnsOf, timesOn, withInFront } from "./as-path.ts";
import type { Effort } from "./effort.ts";
import type { Graph, GraphNode, GraphSession } from "./graph.ts";
import { createOutlet, looksBack, type Outlet, type Step } from "./outlet.ts";
import { PrefixClasses } from "./prefix-classes.ts";
import type { Route, Sort } from "./route.ts";
import { Transfer } from "./transfer.ts";

/** Of each route where a peer is told many, for it compares and keeps them all. */
const addPathEffort = 16;
const maxClasses = 2 ** 20;
const none: readonly Route[] = [];

/**
 * What becomes of routes on their way over the sessions of a graph, in all orders: what is the same stays the same object.
 *
 * Whatever two routes have in common but their AS paths is a sort, and what a session makes of a sort is worked out once
 * for all prefixes that its policies treat alike.
 */
export class Journeys {
  /** By router, in the order of the links. */
  readonly outlets: readonly (readonly Outlet[])[];
  /** By router, and for one more behind the last, the slot of its first session. */
  readonly slots: readonly number[];
  readonly #graph: Graph;
  readonly #effort: Effort;
  readonly #classes = new Map<Policy, PrefixClasses>();
  readonly #sorts = new Map<string, Sort>();
  /** By router, whether there is another one in its AS, so that it may be on a path that it has not told. */
  readonly #sharesAs: Uint8Array;
  /** By router, whether it looks at where a route came from when it tells it. */
  readonly #looksBack: Uint8Array;
  #transfer: Transfer | undefined;
  /** By router, whether it may be on an AS path. */
  #mayLoop: Uint8Array;

  constructor(graph: Graph, effort: Effort) {
    this.#graph = graph;
    this.#effort = effort;
    const sessions = graph.flatMap((node) => node.sessions).sort((a, b) => a.link - b.link);
    const told = Map.groupBy(sessions, ({ peer }) => peer);
    const slots = [0];
    for (const [router, node] of graph.entries())
      slots.push((slots[router] as number) + node.sessions.length);
    this.slots = slots;
    this.outlets = graph.map((_, router) =>
      (told.get(router) ?? []).map((session, place) => this.#outlet(session, place)),
    );
    const members = Map.groupBy(graph, ({ asn }) => asn);
    this.#sharesAs = Uint8Array.from(graph, ({ asn }) => Number((members.get(asn)?.length ?? 0) > 1));
    this.#looksBack = Uint8Array.from(graph, (_, router) =>
      Number(told.get(router)?.some(looksBack) ?? false),
    );
    this.#mayLoop = this.#sharesAs;
  }

  /** All routes from here on are to this prefix. @returns that of the routes which its origins have to begin with */
  begin(prefix: Prefix, attributes: PathAttributes): Sort {
    this.#transfer = new Transfer(prefix);
    this.#mayLoop = this.#sharesAs.slice();
    for (const classes of this.#classes.values()) {
      this.#effort.spend(classes.size);
      classes.enter(prefix);
    }
    return this.#sortOf(attributes, "own");
  }

  /** The route as the other end of the session has it, alone; nothing if it does not get it, or may not use it. */
  over(outlet: Outlet, route: Route): readonly Route[] {
    const { session, place } = outlet;
    this.#effort.spend(session.addPath ? addPathEffort : 1);
    this.#mayLoop[session.peer] = 1;
    // Most routes are told to few, or to nobody.
    route.told ??= new Array(this.outlets[session.peer]?.length ?? 0);
    const known = route.told[place];
    if (known) return known;
    const heard = this.#heard(outlet, route);
    const told = heard ? [heard] : none;
    route.told[place] = told;
    return told;
  }

  #heard(outlet: Outlet, route: Route): Route | undefined {
    const { session, readsPath } = outlet;
    if (route.over?.link === session.link || this.#loops(session, route.path)) return undefined;
    const step = readsPath ? this.#step(outlet, route) : this.#knownStep(outlet, route);
    if (!step) return undefined;
    const { sort, nextHop, asns } = step;
    return {
      sort,
      path: withInFront(readsPath ? undefined : route.path, asns),
      nextHop,
      over: session,
    };
  }

  #knownStep(outlet: Outlet, route: Route): Step | undefined {
    const classes = (outlet.exported?.current ?? 0) * maxClasses + (outlet.imported?.current ?? 0);
    const steps = outlet.steps.get(classes) ?? new Map<Sort, Step | undefined>();
    const known = steps.get(route.sort);
    if (known || steps.has(route.sort)) return known;
    const step = this.#step(outlet, route);
    steps.set(route.sort, step);
    outlet.steps.set(classes, steps);
    return step;
  }

  #step({ session, readsPath, effort }: Outlet, { sort, path, nextHop, over }: Route): Step | undefined {
    const asns = readsPath ? asnsOf(path) : [];
    this.#effort.spend(effort + asns.length);
    const asPath = asns.length > 0 ? [{ type: "sequence", asns } as const] : [];
    const [from, to] = [this.#graph[session.peer], this.#graph[session.own]] as [GraphNode, GraphNode];
    const route = { attributes: { ...sort.attributes, asPath }, nextHop, over };
    const heard = this.#transfer?.over(session, { from, to }, route);
    if (!heard) return undefined;
    const { attributes, nextHop: heardNextHop } = heard;
    const traits = this.#traitsOf(session, heardNextHop);
    return {
      sort: this.#sortOf(attributes, traits),
      nextHop: heardNextHop,
      asns: attributes.asPath.flatMap((segment) => [...segment.asns]),
    };
  }

  /** RFC 4271 §9.1.2; whoever has told nothing yet is on no path. */
  #loops({ own, near }: GraphSession, path: AsPath): boolean {
    return this.#mayLoop[own] === 1 && timesOn(path, near.router.asn) > near.session.allowOwnAs;
  }

  #sortOf(attributes: PathAttributes, traits: string): Sort {
    const pathless = { ...attributes, asPath: [] };
    const key = `${traits} ${JSON.stringify(pathless)}`;
    const known = this.#sorts.get(key);
    if (known) return known;
    const sort = { attributes: pathless };
    this.#sorts.set(key, sort);
    return sort;
  }

  /** What a router that heard a route over a session may look at, beside its attributes, when it tells it. */
  #traitsOf(session: GraphSession, nextHop: NextHop | undefined): string {
    const { external, segment, own, rank, near } = session;
    if (external && segment === null && this.#looksBack[own] === 0) return String(near.session.blackhole);
    return [own, rank, nextHop?.linkLocal, nextHop?.global].join();
  }

  #outlet(session: GraphSession, place: number): Outlet {
    const slot = (this.slots[session.own] as number) + session.rank;
    const [exported, imported] = [this.#classesOf(session.far.export), this.#classesOf(session.near.import)];
    return createOutlet({ session, place, slot, exported, imported });
  }

  /** Undefined if the policy does not look at prefixes. */
  #classesOf(policy: Policy | null): PrefixClasses | undefined {
    if (policy === null) return undefined;
    const classes = this.#classes.get(policy) ?? new PrefixClasses(policy);
    if (classes.size === 0) return undefined;
    this.#classes.set(policy, classes);
    return classes;
  }
}
