import type { PathAttributes } from "../bgp/wire/message.ts";
import type { Prefix } from "../net/prefix.ts";
import { usedOf } from "./decision.ts";
import { Effort } from "./effort.ts";
import { type Graph, type GraphNode, type GraphSession, viaOf } from "./graph.ts";
import { type Order, ordersFor } from "./order.ts";
import { drops, type Route, Transfer } from "./transfer.ts";
import type { Way, Ways } from "./way.ts";

/** How often each router may decide anew, on average, before it is said never to come to rest. */
const decisionsEach = 100;

export interface Origination {
  /** Places of the routers that originate the prefix. */
  readonly origins: readonly number[];
  readonly prefix: Prefix;
  /** Of the route that they originate. */
  readonly attributes: PathAttributes;
}

/**
 * Spreads one prefix from its origins as the routers themselves would, until nothing changes any more, and that in several
 * orders of events. A router that they leave in different ways, or never at rest, is undecided.
 *
 * Unlike `spread` it proves nothing of all other orders, but policies may make of a route whatever they like.
 */
export function relax(
  graph: Graph,
  { origins, prefix, attributes }: Origination,
  effort: Effort = new Effort(),
): Ways {
  const journeys = new Journeys(graph, new Transfer(prefix));
  const own: Route = { attributes, nextHop: undefined, over: undefined };
  const outcomes = ordersFor(graph.length).map((order) => {
    const relaxation = new Relaxation(graph, { journeys, order, effort });
    return relaxation.run(origins, own);
  });
  const [first, ...others] = outcomes;
  if (!first) throw new RangeError("there is an order for every lab");
  const isSettled = (router: number) =>
    (origins.includes(router) || outcomes.every(({ restless }) => !restless.has(router))) &&
    others.every(({ used }) => isSameUse(used[router], first.used[router]));
  return { ways: first.used.map(wayOf), undecided: [...graph.keys()].filter((router) => !isSettled(router)) };
}

interface Outcome {
  /** By router, the routes that it uses. */
  readonly used: readonly (readonly Route[])[];
  readonly restless: ReadonlySet<number>;
}

/** What a router has heard, and what it uses of that. */
interface Decision {
  readonly candidates: readonly Route[];
  readonly used: readonly Route[];
}

class Relaxation {
  readonly #graph: Graph;
  readonly #journeys: Journeys;
  readonly #effort: Effort;
  readonly #order: Order;
  readonly #decisions: Decision[];
  /** What origins have to begin with. */
  readonly #own = new Map<number, Route>();

  constructor(
    graph: Graph,
    { journeys, order, effort }: { journeys: Journeys; order: Order; effort: Effort },
  ) {
    this.#graph = graph;
    this.#effort = effort;
    this.#journeys = journeys;
    this.#order = order;
    this.#decisions = graph.map(() => ({ candidates: [], used: [] }));
  }

  run(origins: readonly number[], own: Route): Outcome {
    const waiting = new Set<number>();
    const tell = (router: number) => {
      for (const peer of this.#order.among(this.#node(router).told)) waiting.add(peer);
    };
    for (const origin of origins) {
      this.#own.set(origin, own);
      this.#decisions[origin] = { candidates: [own], used: [own] };
    }
    for (const origin of this.#order.among(origins)) tell(origin);
    for (let left = decisionsEach * this.#graph.length; left > 0 && waiting.size > 0; left--) {
      const router = this.#order.next(waiting);
      waiting.delete(router);
      if (this.#decide(router)) tell(router);
    }
    return { used: this.#decisions.map(({ used }) => used), restless: waiting };
  }

  /** @returns whether there may be anything new to tell */
  #decide(router: number): boolean {
    const node = this.#node(router);
    const before = this.#decisions[router];
    const heard = node.sessions.flatMap((session) => this.#offers(session));
    const own = this.#own.get(router);
    const candidates = own ? [own, ...heard] : heard;
    const used = usedOf(candidates, node);
    this.#decisions[router] = { candidates, used };
    return (
      used[0] !== before?.used[0] || (node.tellsAll && !isSameList(candidates, before?.candidates ?? []))
    );
  }

  /** What the peer tells of its routes: the best, or each that it has (RFC 7911). */
  #offers(session: GraphSession): readonly Route[] {
    const { candidates, used } = this.#decisions[session.peer] as Decision;
    this.#effort.spend(session.addPath ? 1 + 4 * candidates.length : 1);
    if (session.addPath) return candidates.flatMap((route) => this.#journeys.over(session, route) ?? []);
    const heard = used[0] && this.#journeys.over(session, used[0]);
    return heard ? [heard] : [];
  }

  #node(router: number): GraphNode {
    return this.#graph[router] as GraphNode;
  }
}

/** What has become of routes on their way over sessions, in all orders: what is the same stays the same object. */
class Journeys {
  readonly #graph: Graph;
  readonly #transfer: Transfer;
  readonly #heard = new Map<GraphSession, Map<Route, Route | undefined>>();

  constructor(graph: Graph, transfer: Transfer) {
    this.#graph = graph;
    this.#transfer = transfer;
  }

  over(session: GraphSession, route: Route): Route | undefined {
    const known = this.#heard.get(session) ?? new Map<Route, Route | undefined>();
    this.#heard.set(session, known);
    if (known.has(route)) return known.get(route);
    const [from, to] = [this.#graph[session.peer], this.#graph[session.own]] as [GraphNode, GraphNode];
    const heard = this.#transfer.over(session, { from, to }, route);
    known.set(route, heard);
    return heard;
  }
}

function wayOf([best, ...others]: readonly Route[]): Way | undefined {
  if (!best) return undefined;
  const via = ({ over, nextHop }: Route) => viaOf({ over, nextHop: nextHop?.linkLocal });
  return { via: via(best), also: others.flatMap((route) => via(route) ?? []), drops: drops(best) };
}

/** Whether packets go the same ways, by the same routes or by others. */
function isSameUse(a: readonly Route[] = [], b: readonly Route[] = []): boolean {
  return isSameList(a, b) || JSON.stringify(wayOf(a)) === JSON.stringify(wayOf(b));
}

function isSameList(a: readonly Route[], b: readonly Route[]): boolean {
  return a.length === b.length && a.every((route, index) => route === b[index]);
}
