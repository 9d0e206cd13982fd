import type { Topology } from "../topology/topology.ts";
import { labelLines } from "./label.ts";

/** A graph for Graphviz (https://graphviz.org/doc/info/lang.html). No name has a quote or a backslash in it. */
export function dotText({ name, routers, links }: Topology): string {
  const nodes = routers.map((router) => `  "${router.name}" [label="${labelLines(router).join("\\n")}"];`);
  const edges = links.map(
    ({ ends: [a, b] }) =>
      `  "${a.router}" -- "${b.router}" [taillabel="${a.ifname}", headlabel="${b.ifname}"];`,
  );
  return `${[`graph "${name}" {`, "  node [shape=box];", ...nodes, ...edges, "}"].join("\n")}\n`;
}
