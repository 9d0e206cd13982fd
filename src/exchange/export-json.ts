import type { Topology, WireEnd } from "../topology/topology.ts";
import { formatHostAddress } from "./drawing.ts";

/** The graph alone, with every default filled in, for programs: no settings of sessions. */
export function jsonText({ name, routers, hosts, links }: Topology): string {
  const graph = {
    name,
    nodes: [
      ...routers.map(({ name, kind, asn, routerId, linkLocal, originate }) => ({
        name,
        kind,
        asn,
        routerId,
        linkLocal,
        originate,
      })),
      ...hosts.map(({ name, linkLocal, addresses }) => ({
        name,
        kind: "host",
        linkLocal,
        addresses: addresses.map(formatHostAddress),
      })),
    ],
    links: [...links, ...hosts.map(({ wire }) => wire)].map(({ ends, mtu }) => ({
      ends: ends.map(({ router, ifname }: WireEnd) => ({ node: router, ifname })),
      mtu,
    })),
  };
  return `${JSON.stringify(graph, undefined, 2)}\n`;
}
