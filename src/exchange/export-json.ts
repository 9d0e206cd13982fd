import type { Topology } from "../topology/topology.ts";
import { draw, formatHostAddress } from "./drawing.ts";

/** The graph alone, with every default filled in, for programs: no settings of sessions. */
export function jsonText(topology: Topology): string {
  const { name, routers, hosts } = topology;
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
    links: draw(topology).cables.map(({ ends, mtu }) => ({
      ends: ends.map(({ router, ifname }) => ({ node: router, ifname })),
      mtu,
    })),
  };
  return `${JSON.stringify(graph, undefined, 2)}\n`;
}
