import type { SessionConfig } from "../bgp/config/config.ts";
import type { Address, RouterId } from "../net/address.ts";
import type { Asn } from "../net/asn.ts";
import { type Endpoint, formatEndpoint } from "../net/endpoint.ts";
import type { Plan } from "../plan/plan.ts";

/** Who is at the other end of an interface: for programs that cannot find it out, the plan knows. */
export interface Peer {
  readonly linkLocal: Address;
  readonly asn: Asn;
  readonly routerId: RouterId;
}

/** The peer behind each interface of a lab's routers. */
export type Peers = (endpoint: Endpoint) => Peer;

export function peersOf({ nodes, links }: Pick<Plan, "nodes" | "links">): Peers {
  const routers = new Map(nodes.map(({ name, router }) => [name, router]));
  const peers = new Map<string, Peer>();
  for (const { ends } of links) {
    for (const [near, far] of [ends, ends.toReversed()]) {
      const peer = far && routers.get(far.router);
      if (!near || !peer) continue;
      const { linkLocal } = far;
      peers.set(formatEndpoint(near), { linkLocal, asn: peer.asn, routerId: peer.routerId });
    }
  }
  return (endpoint) => {
    const peer = peers.get(formatEndpoint(endpoint));
    if (peer === undefined) throw new RangeError(`nobody is behind ${formatEndpoint(endpoint)}`);
    return peer;
  };
}

/** The AS that a program must be told which knows neither "external" nor "any". */
export function peerAsn({ remoteAs }: SessionConfig, { own, peer }: { own: Asn; peer: Peer }): Asn {
  if (typeof remoteAs === "number") return remoteAs;
  return remoteAs === "internal" ? own : peer.asn;
}
