import type { PathAttributes } from "../bgp/wire/message.ts";
import type { Prefix } from "../net/prefix.ts";
import { isDropping, usedOf } from "./decision.ts";
import { Effort } from "./effort.ts";
import { type Graph, type GraphNode, viaOf } from "./graph.ts";
import { Journeys } from "./journeys.ts";
import { inFileOrder, type Order, ordersFor } from "./order.ts";
import { prefersShortest } from "./preferences.ts";
import { originated, type Route } from "./route.ts";
import { type Way, type Ways, wayBy } from "./way.ts";

/** How often each router may decide anew, on average, before it is said never to come to rest. */
const decisionsEach = 100;

export interface Origination {
  /** Places of the routers that originate the prefix. */
  readonly origins: readonly number[];
  readonly prefix: Prefix;
  /** Of the route that they originate. */
  readonly attributes: PathAttributes;
}

/** Spreads prefixes over one graph. */
export class Relaxation {
  readonly #graph: Graph;
  readonly #journeys: Journeys;
  readonly #orders: readonly Order[];
  /** By router and rank of the session, the way over it alone. */
  readonly #ways: readonly (readonly Way[])[];

  constructor(graph: Graph, effort: Effort = new Effort()) {
    this.#graph = graph;
    this.#journeys = new Journeys(graph, effort);
    this.#orders = prefersShortest(graph) ? [inFileOrder] : ordersFor(graph);
    this.#ways = graph.map(({ sessions }) => sessions.map(({ ifname }) => wayBy(ifname)));
  }

  /**
   * Spreads one prefix from its origins as the routers themselves would, until nothing changes any more, and that in several
   * orders of events, unless they come to the same. A router that they leave in different ways, or never at rest, is undecided.
   *
   * Unlike `spread` it proves nothing of all other orders, but policies may make of a route whatever they like.
   */
  spread({ origins, prefix, attributes }: Origination): Ways {
    const sort = this.#journeys.begin(prefix, attributes);
    const own = new Map(origins.map((origin) => [origin, originated(sort)]));
    const outcomes = this.#orders.map((order) =>
      new Run(this.#graph, { journeys: this.#journeys, order }).from(own),
    );
    const [first, ...others] = outcomes;
    if (!first) throw new RangeError("there is an order for every lab");
    const isSettled = (router: number) =>
      (outcomes.every(({ restless }) => !restless.has(router)) || origins.includes(router)) &&
      others.every(({ used }) => isSameUse(used[router], first.used[router]));
    return {
      ways: first.used.map((used) => this.#wayOf(used)),
      undecided: [...this.#graph.keys()].filter((router) => !isSettled(router)),
    };
  }

  /** The very same for most routes. */
  #wayOf(used: readonly Route[]): Way | undefined {
    const [best] = used;
    if (used.length > 1 || best?.over?.segment !== null || isDropping(best)) return wayOf(used);
    return this.#ways[best.over.own]?.[best.over.rank];
  }
}

interface Outcome {
  /** By router, the routes that it uses. */
  readonly used: readonly (readonly Route[])[];
  readonly restless: ReadonlySet<number>;
}

const none: readonly Route[] = [];

/** One order of events. */
class Run {
  readonly #graph: Graph;
  readonly #journeys: Journeys;
  readonly #order: Order;
  /** By slot of the session, what the peer tells: the best route, or each that it has (RFC 7911). */
  readonly #heard: (readonly Route[])[];
  /** By router, all that it has, and what it uses of that. */
  readonly #candidates: (readonly Route[])[];
  readonly #used: (readonly Route[])[];
  /** What origins have to begin with. */
  #own: ReadonlyMap<number, Route> = new Map();
  /** Those that have heard something new, each once. */
  readonly #waiting: number[] = [];
  readonly #isWaiting: Uint8Array;

  constructor(graph: Graph, { journeys, order }: { journeys: Journeys; order: Order }) {
    this.#graph = graph;
    this.#journeys = journeys;
    this.#order = order;
    this.#isWaiting = new Uint8Array(graph.length);
    this.#heard = new Array(journeys.slots[graph.length] ?? 0).fill(none);
    this.#candidates = new Array(graph.length).fill(none);
    this.#used = new Array(graph.length).fill(none);
  }

  from(own: ReadonlyMap<number, Route>): Outcome {
    this.#own = own;
    for (const [origin, route] of own) {
      this.#candidates[origin] = [route];
      this.#used[origin] = [route];
    }
    for (const origin of this.#order.among([...own.keys()])) this.#tell(origin);
    for (let left = decisionsEach * this.#graph.length; left > 0 && this.#waiting.length > 0; left--) {
      const [router = 0] = this.#waiting.splice(this.#order.next(this.#waiting), 1);
      this.#isWaiting[router] = 0;
      if (this.#decide(router)) this.#tell(router);
    }
    return { used: this.#used, restless: new Set(this.#waiting) };
  }

  /** @returns whether there may be anything new to tell */
  #decide(router: number): boolean {
    const node = this.#graph[router] as GraphNode;
    const own = this.#own.get(router);
    const candidates = own ? [own] : [];
    const { slots } = this.#journeys;
    for (let slot = slots[router] ?? 0; slot < (slots[router + 1] ?? 0); slot++) {
      for (const route of this.#heard[slot] ?? none) candidates.push(route);
    }
    const [before, usedBefore] = [this.#candidates[router] ?? none, this.#used[router] ?? none];
    const used = usedOf(candidates, node);
    this.#candidates[router] = candidates;
    this.#used[router] = used;
    return used[0] !== usedBefore[0] || (node.tellsAll && !isSameList(candidates, before));
  }

  #tell(router: number): void {
    const candidates = this.#order.identify(this.#candidates[router] ?? none);
    const best = this.#used[router]?.[0];
    for (const outlet of this.#order.among(this.#journeys.outlets[router] ?? [])) {
      const { session, slot } = outlet;
      let told = best ? this.#journeys.over(outlet, best) : none;
      if (session.addPath) told = candidates.flatMap((route) => this.#journeys.over(outlet, route));
      if (isSameList(told, this.#heard[slot] ?? none)) continue;
      this.#heard[slot] = told;
      if (this.#isWaiting[session.own] === 1) continue;
      this.#isWaiting[session.own] = 1;
      this.#waiting.push(session.own);
    }
  }
}

function wayOf([best, ...others]: readonly Route[]): Way | undefined {
  if (!best) return undefined;
  const via = ({ over, nextHop }: Route) => viaOf({ over, nextHop: nextHop?.linkLocal });
  return { via: via(best), also: others.flatMap((route) => via(route) ?? []), drops: isDropping(best) };
}

/** Whether packets go the same ways, by the same routes or by others. */
function isSameUse(a: readonly Route[] = [], b: readonly Route[] = []): boolean {
  return isSameList(a, b) || JSON.stringify(wayOf(a)) === JSON.stringify(wayOf(b));
}

function isSameList(a: readonly Route[], b: readonly Route[]): boolean {
  return a === b || (a.length === b.length && a.every((route, index) => route === b[index]));
}
