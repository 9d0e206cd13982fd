import type { HostAddress } from "../topology/host-fields.ts";
import type { Host, KindName, Router, Topology, Wire } from "../topology/topology.ts";

/** A topology as a graph: its routers, then its hosts, and all that joins them. */
export interface Drawing {
  readonly nodes: readonly DrawnNode[];
  readonly wires: readonly Wire[];
}

export interface DrawnNode {
  readonly name: string;
  readonly kind: KindName | "host";
  /** What a picture says of it, line by line. */
  readonly label: readonly string[];
}

export function draw({ routers, hosts, links }: Topology): Drawing {
  return {
    nodes: [...routers.map(drawRouter), ...hosts.map(drawHost)],
    wires: [...links, ...hosts.map(({ wire }) => wire)],
  };
}

function drawRouter({ name, kind, asn, originate }: Router): DrawnNode {
  const program = kind === "speaker" ? [] : [kind];
  return { name, kind, label: [name, `AS ${asn}`, ...program, ...originate] };
}

function drawHost({ name, addresses }: Host): DrawnNode {
  return { name, kind: "host", label: [name, "host", ...addresses.map(formatHostAddress)] };
}

/** `10.1.0.10/24`. */
export function formatHostAddress({ address, prefix }: HostAddress): string {
  return address + prefix.slice(prefix.lastIndexOf("/"));
}
