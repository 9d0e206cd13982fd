import { addressOctets, type Family, routerIdToNumber } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import type { Endpoint } from "../net/endpoint.ts";
import type { Router, Topology } from "../topology/topology.ts";
import { commonFamilies } from "./families.ts";

/** The routers by their place in the file, each with its sessions. */
export type Graph = readonly GraphNode[];

interface GraphNode {
  readonly asn: Asn;
  /** In the order in which the decision process prefers them if all else is equal. */
  readonly sessions: readonly GraphSession[];
}

interface GraphSession {
  readonly ifname: string;
  readonly peer: number;
  readonly external: boolean;
}

/** A router's best route to a prefix. */
export interface Best {
  /** Interface of the next hop; null at an origin. */
  readonly via: string | null;
  /** The peer's own best route, from which this one came. */
  readonly from: Best | undefined;
  readonly asn: Asn;
  /** How many ASNs the AS path has. */
  readonly length: number;
  /** Learnt from an iBGP peer, and so not told to another (RFC 4271 §9.2). */
  readonly internal: boolean;
}

/** The sessions that carry a family. @throws {RangeError} if a link ends at no router */
export function createGraph({ routers, links }: Topology, family: Family): Graph {
  const indexes = new Map(routers.map(({ name }, index) => [name, index]));
  const sessions: { session: GraphSession; rank: string }[][] = routers.map(() => []);
  const connect = (near: Endpoint, far: Endpoint) => {
    const peer = indexes.get(far.router) ?? -1;
    const own = indexes.get(near.router) ?? -1;
    const [router, other] = [routers[own], routers[peer]];
    if (!router || !other) throw new RangeError(`no router at one end of ${near.router} -- ${far.router}`);
    const session = { ifname: near.ifname, peer, external: router.asn !== other.asn };
    sessions[own]?.push({ session, rank: rankOf(other, near.ifname) });
  };
  for (const { ends } of links) {
    if (!commonFamilies(...ends).includes(family)) continue;
    connect(ends[0], ends[1]);
    connect(ends[1], ends[0]);
  }
  return routers.map(({ asn }, index) => ({
    asn,
    sessions: (sessions[index] ?? []).sort(byRank).map(({ session }) => session),
  }));
}

/**
 * Spreads one prefix from its origins until no router finds a better way.
 *
 * All LOCAL_PREFs are equal and nothing is filtered, so the best of length n depends only on those of length n - 1 and,
 * within an AS, on those learnt from outside with length n: there is exactly one fixed point.
 *
 * @returns each router's best route; undefined where the prefix does not arrive
 */
export function spread(graph: Graph, origins: readonly number[]): (Best | undefined)[] {
  const best: (Best | undefined)[] = graph.map(() => undefined);
  const isOrigin = new Set(origins);
  let changed = new Set(origins);
  for (const origin of origins) {
    const asn = (graph[origin] as GraphNode).asn;
    best[origin] = { via: null, from: undefined, asn, length: 0, internal: false };
  }
  for (let round = 0; changed.size > 0; round++) {
    if (round > 2 * graph.length) throw new Error("the model of BGP found no fixed point");
    const waiting = new Set(Array.from(changed, (index) => graph[index]?.sessions ?? []).flatMap(peersOf));
    changed = new Set();
    for (const index of waiting) {
      if (isOrigin.has(index)) continue;
      const chosen = choose(graph[index] as GraphNode, best);
      if (chosen?.from === best[index]?.from && chosen?.via === best[index]?.via) continue;
      best[index] = chosen;
      changed.add(index);
    }
  }
  return best;
}

/** The decision process: shortest AS path, then eBGP over iBGP, then the order of the sessions. */
function choose({ asn, sessions }: GraphNode, best: readonly (Best | undefined)[]): Best | undefined {
  let chosen: Best | undefined;
  for (const { ifname, peer, external } of sessions) {
    const from = best[peer];
    if (from === undefined || !isTold(from, { asn, external })) continue;
    const route = { via: ifname, from, asn, length: from.length + (external ? 1 : 0), internal: !external };
    if (chosen === undefined || isBetter(route, chosen)) chosen = route;
  }
  return chosen;
}

function isBetter(a: Best, b: Best): boolean {
  return a.length === b.length ? !a.internal && b.internal : a.length < b.length;
}

/** Whether a peer's best route reaches a router in that AS, and passes its loop check (RFC 4271 §9.1.2). */
function isTold(route: Best, { asn, external }: { asn: Asn; external: boolean }): boolean {
  if (!external) return !route.internal;
  for (let hop: Best | undefined = route; hop; hop = hop.from) if (hop.asn === asn) return false;
  return true;
}

const peersOf = (sessions: readonly GraphSession[]): number[] => sessions.map(({ peer }) => peer);

/** Lowest router id of the peer, lowest address of the peer, lowest interface name with numbers as numbers. */
function rankOf({ routerId, linkLocal }: Router, ifname: string): string {
  const id = routerIdToNumber(routerId).toString(16).padStart(8, "0");
  const address = Array.from(addressOctets(linkLocal), (octet) => octet.toString(16).padStart(2, "0")).join(
    "",
  );
  return `${id} ${address} ${ifname.replace(/\d+/g, (digits) => digits.padStart(15, "0"))} ${ifname}`;
}

function byRank(a: { rank: string }, b: { rank: string }): number {
  return a.rank < b.rank ? -1 : 1;
}
