import { TopologyError } from "../../src/topology/diagnostic.ts";
import { parseTopology } from "../../src/topology/parse.ts";
import type { Topology } from "../../src/topology/topology.ts";

/** The topology that a text describes. */
export function topologyOf(text: string): Topology {
  return parseTopology({ file: "lab.yaml", text });
}

/** The error that a text gives. */
export function errorOf(text: string): TopologyError {
  try {
    topologyOf(text);
  } catch (error) {
    if (error instanceof TopologyError) return error;
    throw error;
  }
  throw new Error("the text is a topology");
}

/** What is wrong with a text, as `line:column message` and the hint. */
export function mistakesIn(text: string): string[] {
  return errorOf(text).diagnostics.map(({ line, column, message, hint }) =>
    hint === undefined ? `${line}:${column} ${message}` : `${line}:${column} ${message} | ${hint}`,
  );
}
