import type { Address } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import { alongside, type Candidate, choose, heardOver, originated, withstands } from "./candidate.ts";
import { Effort } from "./effort.ts";
import { type Graph, type GraphNode, type GraphSession, heardNextHop, viaOf } from "./graph.ts";
import { type Way, type Ways, wayBy } from "./way.ts";

/** A router's best route to a prefix. */
export interface Best extends Candidate {
  /** Over which it was heard, and its next hop there; undefined at an origin. */
  readonly over: GraphSession | undefined;
  readonly nextHop: Address | undefined;
  /** The peer's own best route, from which this one came. */
  readonly from: Best | undefined;
  readonly asn: Asn;
  readonly communities: readonly number[];
}

/** The shortest AS path that an undecided router could have, without a given AS on it; infinite for none. */
type Least = (router: number, without: Asn) => number;

/** RFC 1997. */
const NO_EXPORT = 0xffffff01;
const NO_ADVERTISE = 0xffffff02;
const NO_EXPORT_SUBCONFED = 0xffffff03;

/**
 * Spreads one prefix from its origins, a router at a time as its choice becomes certain.
 *
 * A choice is certain if nothing that the undecided routers could come to tell would change it. So whatever comes of this is
 * where BGP ends in any order of events (Griffin, Shepherd and Wilfong, "The Stable Paths Problem and Interdomain Routing",
 * 2002); and it gives up where routers prefer each other's routes in a circle.
 */
export function spread(graph: Graph, origins: readonly number[], effort: Effort = new Effort()): Ways {
  const decided = new Decided(graph, origins, effort);
  while (decided.grow(decided.shortest()) || decided.grow(decided.shortestWithout()));
  return { ways: graph.map((_, index) => decided.way(index)), undecided: decided.waiting };
}

class Decided {
  readonly #graph: Graph;
  readonly #effort: Effort;
  /** By router, its sessions with other ASes. */
  readonly #outside: readonly (readonly GraphSession[])[];
  /** Undefined for a router that has no route. */
  readonly #best = new Map<number, Best | undefined>();
  /** Undecided, and with a peer that is decided. */
  readonly #waiting = new Set<number>();
  /** What each is offered, until another of its peers is decided. */
  readonly #offers = new Map<number, readonly Best[]>();

  constructor(graph: Graph, origins: readonly number[], effort: Effort) {
    this.#graph = graph;
    this.#effort = effort;
    this.#outside = graph.map(({ sessions }) => sessions.filter(({ external }) => external));
    for (const origin of origins) {
      const { asn } = this.#node(origin);
      this.#decide(origin, {
        ...originated(asn),
        over: undefined,
        nextHop: undefined,
        from: undefined,
        asn,
        communities: [],
      });
    }
  }

  /** Once all peers are decided. */
  way(router: number): Way | undefined {
    const best = this.#best.get(router);
    if (!best) return undefined;
    const { maximumPaths, asPathRelax } = this.#node(router).multipath;
    const via = viaOf(best);
    if (maximumPaths < 2 || via === null) return wayBy(via);
    const others = alongside(best, this.#candidates(router)).filter(
      (one) => asPathRelax || isSamePath(one, best),
    );
    const also = new Set(others.flatMap((one) => viaOf(one) ?? []));
    also.delete(via);
    return { ...wayBy(via), also: [...also].slice(0, maximumPaths - 1) };
  }

  get waiting(): number[] {
    return [...this.#waiting].sort((a, b) => a - b);
  }

  /** Decides for all whose choice is certain by now. @returns whether there were any */
  grow(least: Least): boolean {
    const before = this.#best.size;
    for (const router of this.waiting) {
      const candidates = this.#candidates(router);
      const choice = choose(candidates);
      const { asn, sessions } = this.#node(router);
      this.#effort.spend(sessions.length);
      const rivals = sessions.flatMap((session) => this.#rivals(session, (peer) => least(peer, asn)));
      this.#effort.spend(rivals.length);
      const certain = rivals.every((rival) => choice && withstands(choice, rival, candidates));
      if (certain) this.#decide(router, choice);
    }
    return this.#best.size > before;
  }

  /** Quickly told: nobody undecided can have a shorter path than the shortest that one of them is offered. */
  shortest(): Least {
    const offered = this.waiting.flatMap((router) => this.#candidates(router));
    const least = offered.reduce((so, { length }) => Math.min(so, length), Number.POSITIVE_INFINITY);
    return () => least;
  }

  /** Exactly told, each time anew for each AS. */
  shortestWithout(): Least {
    const known = new Map<Asn, ReadonlyMap<number, number>>();
    return (router, without) => {
      const lengths = known.get(without) ?? this.#lengthsWithout(without);
      known.set(without, lengths);
      return lengths.get(router) ?? Number.POSITIVE_INFINITY;
    };
  }

  /** From the decided on, over the undecided outside of an AS. */
  #lengthsWithout(asn: Asn): Map<number, number> {
    const lengths = new Map<number, number>();
    const reach = (router: number, length: number) => {
      if (this.#best.has(router) || this.#node(router).asn === asn) return;
      if (length >= (lengths.get(router) ?? Number.POSITIVE_INFINITY)) return;
      lengths.set(router, length);
      changed.add(router);
    };
    const changed = new Set<number>();
    for (const router of this.#waiting) {
      for (const route of this.#candidates(router)) if (!isIn(asn, route.from)) reach(router, route.length);
    }
    for (const router of changed) {
      changed.delete(router);
      this.#effort.spend(this.#node(router).told.length);
      const [{ asn, told }, length] = [this.#node(router), lengths.get(router) ?? 0];
      for (const peer of told) reach(peer, length + (this.#node(peer).asn === asn ? 0 : 1));
    }
    return lengths;
  }

  #decide(router: number, best: Best | undefined): void {
    this.#best.set(router, best);
    this.#waiting.delete(router);
    for (const peer of this.#node(router).told) {
      this.#offers.delete(peer);
      if (!this.#best.has(peer)) this.#waiting.add(peer);
    }
  }

  /** What the decided peers tell a router. */
  #candidates(router: number): readonly Best[] {
    const known = this.#offers.get(router);
    if (known) return known;
    const node = this.#node(router);
    this.#effort.spend(node.sessions.length);
    const offers = node.sessions.flatMap((session) => this.#heard(node, session) ?? []);
    this.#offers.set(router, offers);
    return offers;
  }

  #heard({ asn }: GraphNode, session: GraphSession): Best | undefined {
    const from = this.#best.get(session.peer);
    if (from === undefined || !isTold(from, { asn, external: session.external })) return undefined;
    const communities = [...from.communities, ...session.told.communities];
    return {
      ...heardOver(session, from),
      over: session,
      nextHop: heardNextHop(session, from),
      from,
      asn,
      communities,
    };
  }

  /** All that an undecided peer may come to tell. */
  #rivals(session: GraphSession, least: (router: number) => number): Candidate[] {
    if (this.#best.has(session.peer)) return [];
    if (session.external) return hearsay(session, least(session.peer));
    const peer = this.#node(session.peer);
    // An iBGP peer tells what it has from other ASes (RFC 4271 §9.2).
    const outside = this.#outside[session.peer] ?? [];
    this.#effort.spend(outside.length);
    return outside.flatMap((theirs) => {
      const certain = this.#best.has(theirs.peer);
      const routes = certain ? [this.#heard(peer, theirs)] : hearsay(theirs, least(theirs.peer));
      return routes.flatMap((route) => (route ? heardOver(session, route) : []));
    });
  }

  #node(router: number): GraphNode {
    const node = this.#graph[router];
    if (!node) throw new RangeError(`the graph has no router ${router}`);
    return node;
  }
}

/** What is heard of an undecided peer; all but the length is certain. */
function hearsay(session: GraphSession, length: number): Candidate[] {
  return Number.isFinite(length) ? [heardOver(session, { ...originated(session.peerAsn), length })] : [];
}

/** Whether a peer's best route reaches a router in that AS, and passes its loop check (RFC 4271 §9.1.2). */
function isTold(route: Best, { asn, external }: { asn: Asn; external: boolean }): boolean {
  const has = (...communities: number[]) => communities.some((one) => route.communities.includes(one));
  if (has(NO_ADVERTISE)) return false;
  if (!external) return !route.internal;
  return !has(NO_EXPORT, NO_EXPORT_SUBCONFED) && !isIn(asn, route);
}

function isSamePath(one: Best, other: Best): boolean {
  return pathOf(one).join(" ") === pathOf(other).join(" ");
}

/** The ASes on the way of a route, each once for all of its routers. */
function pathOf(route: Best): Asn[] {
  const asns: Asn[] = [];
  for (let hop = route.from; hop; hop = hop.from) if (hop.asn !== asns.at(-1)) asns.push(hop.asn);
  return asns;
}

/** Whether an AS is on the way of a route. */
function isIn(asn: Asn, route: Best | undefined): boolean {
  for (let hop = route; hop; hop = hop.from) if (hop.asn === asn) return true;
  return false;
}
