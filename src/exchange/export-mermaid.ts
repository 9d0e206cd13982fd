import type { Topology } from "../topology/topology.ts";
import { draw } from "./drawing.ts";

/** A flowchart for Mermaid (https://mermaid.js.org), which Markdown shows on many sites. */
export function mermaidText(topology: Topology): string {
  const { nodes, cables } = draw(topology);
  // By number: a router may be called "end", which is one of Mermaid's words.
  const ids = new Map(nodes.map(({ name }, index) => [name, `n${index + 1}`]));
  const boxes = nodes.map(({ name, label }) => `  ${ids.get(name)}["${label.join("<br/>")}"]`);
  const edges = cables.flatMap(({ ends, hub }) => {
    const [a, b] = ends;
    if (hub !== undefined) {
      const id = `hub_${hub}`;
      return [
        `  ${id}(("${hub}"))`,
        ...ends.map(({ router, ifname }) => `  ${ids.get(router)} ---|"${ifname}"| ${id}`),
      ];
    }
    return a && b ? [`  ${ids.get(a.router)} ---|"${a.ifname} -- ${b.ifname}"| ${ids.get(b.router)}`] : [];
  });
  return `${["---", `title: ${topology.name}`, "---", "flowchart LR", ...boxes, ...edges].join("\n")}\n`;
}
