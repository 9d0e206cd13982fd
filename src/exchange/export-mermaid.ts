import type { Topology } from "../topology/topology.ts";
import { labelLines } from "./label.ts";

/** A flowchart for Mermaid (https://mermaid.js.org), which Markdown shows on many sites. */
export function mermaidText({ name, routers, links }: Topology): string {
  // By number: a router may be called "end", which is one of Mermaid's words.
  const ids = new Map(routers.map((router, index) => [router.name, `n${index + 1}`]));
  const nodes = routers.map((router) => `  ${ids.get(router.name)}["${labelLines(router).join("<br/>")}"]`);
  const edges = links.map(
    ({ ends: [a, b] }) => `  ${ids.get(a.router)} ---|"${a.ifname} -- ${b.ifname}"| ${ids.get(b.router)}`,
  );
  return `${["---", `title: ${name}`, "---", "flowchart LR", ...nodes, ...edges].join("\n")}\n`;
}
