import { type Address, addressOctets, type RouterId, routerIdToNumber } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import { type Prefix, prefixFamily } from "../net/prefix.ts";
import { sessionName } from "../net/session-name.ts";
import type { SessionOptions } from "../topology/session-options.ts";
import type { LinkEnd, Router, Topology } from "../topology/topology.ts";
import { commonFamilies } from "./families.ts";
import { type EndPolicies, endPolicies } from "./policies.ts";

/** The routers by their place in the file, each with its sessions. */
export type Graph = readonly GraphNode[];

export interface GraphNode {
  readonly asn: Asn;
  readonly routerId: RouterId;
  /** RFC 4456 §7. */
  readonly clusterId: RouterId;
  readonly multipath: Router["routing"]["multipath"];
  /** Those over which it hears. */
  readonly sessions: readonly GraphSession[];
  /** Places of those that may hear of it. */
  readonly told: readonly number[];
  /** Whether one of them hears of all routes that it has. */
  readonly tellsAll: boolean;
}

/** A session, as the one of its ends sees it that hears. */
export interface GraphSession {
  readonly ifname: string;
  /** The place of the shared link that it is on; null for a link of its own. */
  readonly segment: number | null;
  /** What the peer announces for itself. */
  readonly nextHop: Address;
  /** Whether it announces that for all routes, those too that others on the same link told it. */
  readonly isNextHopSet: boolean;
  /** Its place in the order in which the decision process prefers sessions if all else is equal. */
  readonly rank: number;
  /** Place of the router that hears, and of its peer. */
  readonly own: number;
  readonly peer: number;
  readonly peerAsn: Asn;
  readonly external: boolean;
  /** Whether the peer tells all routes that it has (RFC 7911). */
  readonly addPath: boolean;
  /** Place of the link that carries it. */
  readonly link: number;
  /** Orders sessions with peers of one router id: by address, then by interface name. */
  readonly order: string;
  /** What is done at the end that hears, and at the one that tells. */
  readonly near: GraphEnd;
  readonly far: GraphEnd;
  /** Of all that is heard, if it is set here. */
  readonly localPref: number | null;
  /** What the peer sets in all that it tells. */
  readonly told: Pick<SessionOptions, "localPref" | "med" | "communities">;
}

export interface GraphEnd extends EndPolicies {
  readonly session: SessionOptions;
  readonly router: Router;
}

/** The sessions that carry a prefix. @throws {RangeError} if a link ends at no router */
export function createGraph(topology: Topology, prefix: Prefix): Graph {
  const { routers, links } = topology;
  const family = prefixFamily(prefix);
  const indexes = new Map(routers.map(({ name }, index) => [name, index]));
  const sessions: { session: Omit<GraphSession, "rank">; key: string }[][] = routers.map(() => []);
  const told: number[][] = routers.map(() => []);
  const sharing = new Set<number>();
  const connect = (
    near: LinkEnd,
    far: LinkEnd,
    { link, segment }: { link: number; segment: number | null },
  ) => {
    const peer = indexes.get(far.router) ?? -1;
    const own = indexes.get(near.router) ?? -1;
    const [router, other] = [routers[own], routers[peer]];
    if (!router || !other) throw new RangeError(`no router at one end of ${near.router} -- ${far.router}`);
    const set = far.session.nextHop?.[family === 4 ? "ipv4" : "ipv6"];
    const session = {
      ifname: near.ifname,
      segment,
      nextHop: set ?? other.linkLocal,
      isNextHopSet: set !== undefined,
      own,
      peer,
      peerAsn: other.asn,
      external: router.asn !== other.asn,
      addPath: tellsAll(far) && hearsAll(near),
      link,
      order: orderOf(other, near.ifname),
      near: { ...endPolicies(topology, near), session: near.session, router },
      far: { ...endPolicies(topology, far), session: far.session, router: other },
      localPref: near.session.localPref,
      told: far.session,
    };
    if (!passes(prefix, { from: far, to: near })) return;
    sessions[own]?.push({ session, key: `${hex(routerIdToNumber(other.routerId))} ${session.order}` });
    told[peer]?.push(own);
    if (session.addPath) sharing.add(peer);
  };
  for (const [link, { ends, segment }] of links.entries()) {
    if (!commonFamilies(...ends).includes(family)) continue;
    connect(ends[0], ends[1], { link, segment });
    connect(ends[1], ends[0], { link, segment });
  }
  return routers.map(({ asn, routerId, routing }, index) => ({
    asn,
    routerId,
    clusterId: routing.clusterId ?? routerId,
    multipath: routing.multipath,
    sessions: (sessions[index] ?? []).sort(byKey).map(({ session }, rank) => ({ ...session, rank })),
    told: told[index] ?? [],
    tellsAll: sharing.has(index),
  }));
}

/** A route on its way: over which session a router heard it, and its next hop there; neither for what it originates. */
interface Hop {
  readonly over: GraphSession | undefined;
  readonly nextHop: Address | undefined;
}

/** The next hop that is heard over a session: the peer, or the router on the same link that the peer heard of (RFC 4271 §5.1.3). */
export function heardNextHop(session: GraphSession, { over, nextHop }: Hop): Address {
  const isOnLink = session.segment !== null && over?.segment === session.segment && !session.isNextHopSet;
  if (!isOnLink || nextHop === undefined || nextHop === session.near.router.linkLocal) return session.nextHop;
  return nextHop;
}

/** Where packets go by a route; null if it is the router's own. The interface alone, or on a shared link `eth0/fe80::3`. */
export function viaOf({ over, nextHop }: Hop): string | null {
  if (over === undefined) return null;
  const { ifname, segment } = over;
  return sessionName({ ifname, peer: segment === null ? null : (nextHop ?? over.nextHop) });
}

const tellsAll = ({ session: { addPath } }: LinkEnd) => addPath === "send" || addPath === "both";
const hearsAll = ({ session: { addPath } }: LinkEnd) => addPath === "receive" || addPath === "both";

/** Whether the filters of both ends let a prefix through. */
function passes(prefix: Prefix, { from, to }: { from: LinkEnd; to: LinkEnd }): boolean {
  const filters = [from.session.exportPrefixes, to.session.importPrefixes];
  return filters.every((filter) => filter === null || filter.includes(prefix));
}

/** Lowest address of the peer, lowest interface name with numbers as numbers. */
function orderOf({ linkLocal }: Router, ifname: string): string {
  const address = Array.from(addressOctets(linkLocal), (octet) => octet.toString(16).padStart(2, "0")).join(
    "",
  );
  return `${address} ${ifname.replace(/\d+/g, (digits) => digits.padStart(15, "0"))} ${ifname}`;
}

const hex = (value: number) => value.toString(16).padStart(8, "0");

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1;
}
