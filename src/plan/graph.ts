import { addressOctets, routerIdToNumber } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import { type Prefix, prefixFamily } from "../net/prefix.ts";
import type { SessionOptions } from "../topology/session-options.ts";
import type { LinkEnd, Router, Topology } from "../topology/topology.ts";
import { commonFamilies } from "./families.ts";

/** The routers by their place in the file, each with its sessions. */
export type Graph = readonly GraphNode[];

export interface GraphNode {
  readonly asn: Asn;
  /** Those over which it hears. */
  readonly sessions: readonly GraphSession[];
  /** Places of those that may hear of it. */
  readonly told: readonly number[];
}

/** A session, as the one of its ends sees it that hears. */
export interface GraphSession {
  readonly ifname: string;
  /** Its place in the order in which the decision process prefers sessions if all else is equal. */
  readonly rank: number;
  /** Place of the peer. */
  readonly peer: number;
  readonly peerAsn: Asn;
  readonly external: boolean;
  /** Of all that is heard, if it is set here. */
  readonly localPref: number | null;
  /** What the peer sets in all that it tells. */
  readonly told: Pick<SessionOptions, "localPref" | "med" | "communities">;
}

/** The sessions that carry a prefix. @throws {RangeError} if a link ends at no router */
export function createGraph({ routers, links }: Topology, prefix: Prefix): Graph {
  const family = prefixFamily(prefix);
  const indexes = new Map(routers.map(({ name }, index) => [name, index]));
  const sessions: { session: Omit<GraphSession, "rank">; key: string }[][] = routers.map(() => []);
  const told: number[][] = routers.map(() => []);
  const connect = (near: LinkEnd, far: LinkEnd) => {
    const peer = indexes.get(far.router) ?? -1;
    const own = indexes.get(near.router) ?? -1;
    const [router, other] = [routers[own], routers[peer]];
    if (!router || !other) throw new RangeError(`no router at one end of ${near.router} -- ${far.router}`);
    const session = {
      ifname: near.ifname,
      peer,
      peerAsn: other.asn,
      external: router.asn !== other.asn,
      localPref: near.session.localPref,
      told: far.session,
    };
    if (!passes(prefix, { from: far, to: near })) return;
    sessions[own]?.push({ session, key: keyOf(other, near.ifname) });
    told[peer]?.push(own);
  };
  for (const { ends } of links) {
    if (!commonFamilies(...ends).includes(family)) continue;
    connect(ends[0], ends[1]);
    connect(ends[1], ends[0]);
  }
  return routers.map(({ asn }, index) => ({
    asn,
    sessions: (sessions[index] ?? []).sort(byKey).map(({ session }, rank) => ({ ...session, rank })),
    told: told[index] ?? [],
  }));
}

/** Whether the filters of both ends let a prefix through. */
function passes(prefix: Prefix, { from, to }: { from: LinkEnd; to: LinkEnd }): boolean {
  const filters = [from.session.exportPrefixes, to.session.importPrefixes];
  return filters.every((filter) => filter === null || filter.includes(prefix));
}

/** Lowest router id of the peer, lowest address of the peer, lowest interface name with numbers as numbers. */
function keyOf({ routerId, linkLocal }: Router, ifname: string): string {
  const id = routerIdToNumber(routerId).toString(16).padStart(8, "0");
  const address = Array.from(addressOctets(linkLocal), (octet) => octet.toString(16).padStart(2, "0")).join(
    "",
  );
  return `${id} ${address} ${ifname.replace(/\d+/g, (digits) => digits.padStart(15, "0"))} ${ifname}`;
}

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1;
}
