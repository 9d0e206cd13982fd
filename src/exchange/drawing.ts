import type { HostAddress } from "../topology/host-fields.ts";
import type { Host, KindName, Router, Topology, Wire, WireEnd } from "../topology/topology.ts";

/** A topology as a graph: its routers, then its hosts, and all that joins them. */
export interface Drawing {
  readonly nodes: readonly DrawnNode[];
  readonly cables: readonly Cable[];
}

/** A link with its two ends, or the more of a shared one. */
export interface Cable {
  readonly ends: readonly WireEnd[];
  /** Octets. */
  readonly mtu: number;
  /** Of what stands for a shared link, which no node is called; undefined for a link of two. */
  readonly hub: string | undefined;
}

export interface DrawnNode {
  readonly name: string;
  readonly kind: KindName | "host";
  /** What a picture says of it, line by line. */
  readonly label: readonly string[];
}

export function draw(topology: Topology): Drawing {
  const { routers, hosts } = topology;
  const nodes = [...routers.map(drawRouter), ...hosts.map(drawHost)];
  const taken = new Set(nodes.map(({ name }) => name));
  const hubOf = (segment: number): string => {
    let name = `lan${segment + 1}`;
    while (taken.has(name)) name += "-";
    return name;
  };
  return { nodes, cables: [...cablesOf(topology, hubOf), ...hosts.map(({ wire }) => plain(wire))] };
}

/** In the order of the file. */
function cablesOf({ links, segments }: Topology, hubOf: (segment: number) => string): Cable[] {
  const drawn = new Set<number>();
  return links.flatMap(({ segment, ...wire }): Cable[] => {
    if (segment === null) return [plain(wire)];
    const shared = segments[segment];
    if (!shared || drawn.has(segment)) return [];
    drawn.add(segment);
    return [{ ends: shared.ends, mtu: shared.mtu, hub: hubOf(segment) }];
  });
}

function plain({ ends, mtu }: Wire): Cable {
  return { ends, mtu, hub: undefined };
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
