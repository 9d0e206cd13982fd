import { Source } from "../topology/source.ts";
import type { Tree } from "../topology/tree.ts";
import { readYaml } from "../topology/yaml.ts";

/** Larger files are no topologies, of whatever form. */
const maxLength = 4 * 1024 * 1024;

/** A file that may be containerlab's. */
export interface ClabInput {
  /** Its name, as it should stand in messages. */
  readonly file: string;
  readonly text: string;
}

/** Whether a text is a containerlab file: a map `topology` with `nodes` in it, beside a `name`. */
export function isClabFile({ file, text }: ClabInput): boolean {
  // Most files are ours, and reading takes its time.
  if (text.length > maxLength || !/\btopology\b["']?\s*:/.test(text)) return false;
  const { tree } = readYaml(new Source(), { file, text });
  return hasNodes(tree);
}

/** Whether a file has what only containerlab's have. */
export function hasNodes(tree: Tree | undefined): boolean {
  const topology = tree?.type === "mapping" ? tree.entries.get("topology")?.value : undefined;
  return topology?.type === "mapping" && topology.entries.has("nodes");
}
