import { unreachable } from "../std/errors.ts";
import type { Topology } from "../topology/topology.ts";
import { clabText } from "./export-clab.ts";
import { dotText } from "./export-dot.ts";
import { jsonText } from "./export-json.ts";
import { mermaidText } from "./export-mermaid.ts";

/** What a topology can be exported to. */
export const exportFormats = ["containerlab", "mermaid", "dot", "json"] as const;

export type ExportFormat = (typeof exportFormats)[number];

/** A topology in another tool's words, ended by a line break. Nothing secret is in it. */
export function exportTopology(topology: Topology, format: ExportFormat): string {
  switch (format) {
    case "containerlab":
      return clabText(topology);
    case "mermaid":
      return mermaidText(topology);
    case "dot":
      return dotText(topology);
    case "json":
      return jsonText(topology);
    default:
      return unreachable(format);
  }
}
