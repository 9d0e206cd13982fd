import { type Graph, type GraphNode, viaOf } from "./graph.ts";
import { type Way, type Ways, wayBy } from "./way.ts";

/** A graph in numbers, where nothing but the length of AS paths is preferred. */
export interface PlainGraph {
  readonly nodes: Graph;
  /** By router, whether there is another one in its AS, so that a path may lead back to it. */
  readonly sharesAs: Uint8Array;
  /** By router and place of the session, the way over it alone. */
  readonly ways: readonly (readonly Way[])[];
}

const undecided = -1;
const origin: Way = wayBy(null);

/** The graph in numbers if all sessions lead to other ASes and none prefers or sets anything; else undefined. */
export function asPlainGraph(graph: Graph): PlainGraph | undefined {
  const isPlain = ({ sessions }: GraphNode) =>
    sessions.every(
      ({ external, localPref, told }) =>
        external && localPref === null && told.med === null && told.communities.length === 0,
    );
  if (!graph.every(isPlain)) return undefined;
  const members = Map.groupBy(graph, ({ asn }) => asn);
  return {
    nodes: graph,
    sharesAs: Uint8Array.from(graph, ({ asn }) => Number((members.get(asn)?.length ?? 0) > 1)),
    ways: graph.map(({ sessions }) => sessions.map((over) => wayBy(viaOf({ over, nextHop: over.nextHop })))),
  };
}

/** Spreads one prefix from its origins by breadth-first search: whoever hears of it first has the shortest AS path. */
export function spreadShortest(graph: PlainGraph, origins: readonly number[]): Ways {
  const search = new Search(graph, origins);
  while (search.advance());
  return { ways: search.ways, undecided: [] };
}

class Search {
  readonly ways: (Way | undefined)[];
  readonly #graph: PlainGraph;
  /** How far each router is from an origin, and who is before it. */
  readonly #level: Int32Array;
  readonly #before: Int32Array;
  #frontier: readonly number[];
  #depth = 0;

  constructor(graph: PlainGraph, origins: readonly number[]) {
    const size = graph.nodes.length;
    this.#graph = graph;
    this.ways = new Array<Way | undefined>(size).fill(undefined);
    this.#level = new Int32Array(size).fill(undecided);
    this.#before = new Int32Array(size).fill(undecided);
    this.#frontier = origins;
    for (const router of origins) {
      this.#level[router] = 0;
      this.ways[router] = origin;
    }
  }

  /** Decides for all that are one step further. @returns whether there were any */
  advance(): boolean {
    const { nodes } = this.#graph;
    const seen = new Set<number>();
    const next: number[] = [];
    this.#depth++;
    for (const teller of this.#frontier) {
      for (const router of nodes[teller]?.told ?? []) {
        if (this.#level[router] !== undecided || seen.has(router)) continue;
        seen.add(router);
        if (this.#choose(router)) next.push(router);
      }
    }
    this.#frontier = next;
    return next.length > 0;
  }

  /** Sessions are in the order in which they are preferred. */
  #choose(router: number): boolean {
    const { sessions, multipath } = this.#graph.nodes[router] as GraphNode;
    const also: string[] = [];
    for (let index = 0; index < sessions.length; index++) {
      const { peer } = sessions[index] as GraphNode["sessions"][number];
      if (this.#level[peer] !== this.#depth - 1 || this.#loops(router, peer)) continue;
      if (this.#level[router] === undecided) {
        this.#level[router] = this.#depth;
        this.#before[router] = peer;
        this.ways[router] = this.#graph.ways[router]?.[index];
        if (multipath.maximumPaths < 2) return true;
      } else if (multipath.asPathRelax || this.#isSamePath(this.#before[router] as number, peer)) {
        also.push(this.#graph.ways[router]?.[index]?.via as string);
        if (also.length + 1 === multipath.maximumPaths) break;
      }
    }
    const way = this.ways[router];
    if (way && also.length > 0) this.ways[router] = { ...way, also };
    return way !== undefined;
  }

  /** RFC 4271 §9.1.2. */
  #loops(router: number, peer: number): boolean {
    if (this.#graph.sharesAs[router] === 0) return false;
    const asn = this.#asn(router);
    for (let hop = peer; hop !== undecided; hop = this.#before[hop] as number) {
      if (this.#asn(hop) === asn) return true;
    }
    return false;
  }

  /** Both are as far from an origin. */
  #isSamePath(one: number, other: number): boolean {
    let [a, b] = [one, other];
    while (a !== b) {
      if (this.#asn(a) !== this.#asn(b)) return false;
      [a, b] = [this.#before[a] as number, this.#before[b] as number];
    }
    return true;
  }

  #asn(router: number): number {
    return (this.#graph.nodes[router] as GraphNode).asn;
  }
}
