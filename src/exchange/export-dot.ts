import type { Topology } from "../topology/topology.ts";
import { draw } from "./drawing.ts";

/** A graph for Graphviz (https://graphviz.org/doc/info/lang.html). No name has a quote or a backslash in it. */
export function dotText(topology: Topology): string {
  const { nodes, cables } = draw(topology);
  const boxes = nodes.map(({ name, label }) => `  "${name}" [label="${label.join("\\n")}"];`);
  const edges = cables.flatMap(({ ends, hub }) => {
    const [a, b] = ends;
    if (hub !== undefined) {
      return [
        `  "${hub}" [shape=point];`,
        ...ends.map(({ router, ifname }) => `  "${router}" -- "${hub}" [taillabel="${ifname}"];`),
      ];
    }
    return a && b
      ? [`  "${a.router}" -- "${b.router}" [taillabel="${a.ifname}", headlabel="${b.ifname}"];`]
      : [];
  });
  const head = [`graph "${topology.name}" {`, "  node [shape=box];"];
  return `${[...head, ...boxes, ...edges, "}"].join("\n")}\n`;
}
