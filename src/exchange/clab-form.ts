import { TopologyError } from "../topology/diagnostic.ts";
import { type Mistake, Source } from "../topology/source.ts";
import type { MappingTree, Tree } from "../topology/tree.ts";
import { readYaml } from "../topology/yaml.ts";

/** Larger files are no topologies, of whatever form. */
const maxLength = 4 * 1024 * 1024;

interface Input {
  /** Its name, as it should stand in messages. */
  readonly file: string;
  readonly text: string;
}

/** A containerlab file, read but not yet understood. */
export interface ClabText {
  readonly input: Input;
  readonly source: Source;
  readonly tree: MappingTree;
  readonly mistakes: readonly Mistake[];
}

/** A text as a containerlab file: a map `topology` with `nodes` in it, beside a `name`; undefined if it is something else. */
export function openClab(input: Input): ClabText | undefined {
  // Most files are ours, and reading takes its time.
  if (input.text.length > maxLength || !/\btopology\b["']?\s*:/.test(input.text)) return undefined;
  const { source, tree, mistakes } = read(input);
  return hasNodes(tree) ? { input, source, tree, mistakes } : undefined;
}

function read(input: Input) {
  const source = new Source();
  return { source, ...readYaml(source, input) };
}

/** Why a text is no containerlab file. */
export function notClab(input: Input): TopologyError {
  const { source, tree, mistakes } = read(input);
  const { start } = tree?.span ?? { start: 0 };
  const hint = "it needs a name, and a map topology with nodes in it";
  const none = { span: { start, end: start }, message: "this is no containerlab file", hint };
  return new TopologyError(source.diagnose(mistakes.length > 0 ? mistakes : [none]));
}

function hasNodes(tree: Tree | undefined): tree is MappingTree {
  const topology = tree?.type === "mapping" ? tree.entries.get("topology")?.value : undefined;
  return topology?.type === "mapping" && topology.entries.has("nodes");
}
