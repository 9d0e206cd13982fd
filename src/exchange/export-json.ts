import type { Topology } from "../topology/topology.ts";

/** The graph alone, with every default filled in, for programs: no settings of sessions. */
export function jsonText({ name, routers, links }: Topology): string {
  const graph = {
    name,
    nodes: routers.map(({ name, kind, asn, routerId, linkLocal, originate }) => ({
      name,
      kind,
      asn,
      routerId,
      linkLocal,
      originate,
    })),
    links: links.map(({ ends, mtu }) => ({
      ends: ends.map(({ router, ifname }) => ({ router, ifname })),
      mtu,
    })),
  };
  return `${JSON.stringify(graph, undefined, 2)}\n`;
}
