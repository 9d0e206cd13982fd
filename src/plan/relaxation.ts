import type { PathAttributes } from "../bgp/wire/message.ts";
import type { Prefix } from "../net/prefix.ts";
import { usedOf } from "./decision.ts";
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
export function relax(graph: Graph, { origins, prefix, attributes }: Origination): Ways {
  const transfer = new Transfer(prefix);
  const own: Route = { attributes, nextHop: undefined, over: undefined };
  const outcomes = ordersFor(graph.length).map((order) => {
    const relaxation = new Relaxation(graph, { transfer, order });
    return relaxation.run(origins, own);
  });
  const [first, ...others] = outcomes;
  if (!first) throw new RangeError("there is an order for every lab");
  const isSettled = (router: number) =>
    (origins.includes(router) || outcomes.every(({ restless }) => !restless.has(router))) &&
    others.every(({ ways }) => isSameWay(ways[router], first.ways[router]));
  return { ways: first.ways, undecided: [...graph.keys()].filter((router) => !isSettled(router)) };
}

interface Outcome {
  readonly ways: readonly (Way | undefined)[];
  readonly restless: ReadonlySet<number>;
}

/** What a router has heard, and what it uses of that. */
interface Decision {
  readonly candidates: readonly Route[];
  readonly used: readonly Route[];
}

class Relaxation {
  readonly #graph: Graph;
  readonly #transfer: Transfer;
  readonly #order: Order;
  readonly #decisions: Decision[];
  /** What origins have to begin with. */
  readonly #own = new Map<number, Route>();
  /** What has become of routes on their way over sessions, so that what is the same stays the same object. */
  readonly #heard = new Map<GraphSession, Map<Route, Route | undefined>>();

  constructor(graph: Graph, { transfer, order }: { transfer: Transfer; order: Order }) {
    this.#graph = graph;
    this.#transfer = transfer;
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
    return { ways: this.#decisions.map(({ used }) => wayOf(used)), restless: waiting };
  }

  /** @returns whether there may be anything new to tell */
  #decide(router: number): boolean {
    const node = this.#node(router);
    const before = this.#decisions[router];
    const heard = node.sessions.flatMap((session) => this.#offers(node, session));
    const own = this.#own.get(router);
    const candidates = own ? [own, ...heard] : heard;
    const used = usedOf(candidates, node);
    this.#decisions[router] = { candidates, used };
    return (
      used[0] !== before?.used[0] || (node.tellsAll && !isSameList(candidates, before?.candidates ?? []))
    );
  }

  /** What the peer tells of its routes: the best, or each that it has (RFC 7911). */
  #offers(to: GraphNode, session: GraphSession): Route[] {
    const { candidates, used } = this.#decisions[session.peer] as Decision;
    const told = session.addPath ? candidates : used.slice(0, 1);
    return told.flatMap((route) => this.#transferred(session, to, route) ?? []);
  }

  #transferred(session: GraphSession, to: GraphNode, route: Route): Route | undefined {
    const known = this.#heard.get(session) ?? new Map<Route, Route | undefined>();
    this.#heard.set(session, known);
    if (known.has(route)) return known.get(route);
    const heard = this.#transfer.over(session, { from: this.#node(session.peer), to }, route);
    known.set(route, heard);
    return heard;
  }

  #node(router: number): GraphNode {
    return this.#graph[router] as GraphNode;
  }
}

function wayOf([best, ...others]: readonly Route[]): Way | undefined {
  if (!best) return undefined;
  const via = ({ over, nextHop }: Route) => viaOf({ over, nextHop: nextHop?.linkLocal });
  return { via: via(best), also: others.flatMap((route) => via(route) ?? []), drops: drops(best) };
}

function isSameWay(a: Way | undefined, b: Way | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isSameList(a: readonly Route[], b: readonly Route[]): boolean {
  return a.length === b.length && a.every((route, index) => route === b[index]);
}
