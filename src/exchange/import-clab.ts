import type { Sketch } from "../generate/sketch.ts";
import { type Diagnostic, TopologyError } from "../topology/diagnostic.ts";
import type { Environment } from "../topology/environment.ts";
import { isName } from "../topology/fields.ts";
import { type Mistake, Source } from "../topology/source.ts";
import type { MappingTree, Tree } from "../topology/tree.ts";
import { readYaml } from "../topology/yaml.ts";
import { type ClabFile, readClabFile, type Said } from "./clab-file.ts";
import type { ReplaceKinds } from "./clab-kinds.ts";
import { importLinks } from "./clab-links.ts";
import { importNodes } from "./clab-nodes.ts";

/** Larger files are no topologies, of whatever form. */
const maxLength = 4 * 1024 * 1024;

interface Input {
  /** Its name, as it should stand in messages. */
  readonly file: string;
  readonly text: string;
}

export interface ImportOptions {
  readonly environment: Environment;
  readonly replaceKinds: ReplaceKinds;
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

/** The lab's name in a containerlab file, whether it can be run or not. */
export function clabName({ tree }: ClabText, environment: Environment): string | undefined {
  const { name } = readClabFile(tree, environment).clab;
  return name !== undefined && isName(name.text) ? name.text : undefined;
}

function hasNodes(tree: Tree | undefined): tree is MappingTree {
  const topology = tree?.type === "mapping" ? tree.entries.get("topology")?.value : undefined;
  return topology?.type === "mapping" && topology.entries.has("nodes");
}

/**
 * Reads a containerlab file (https://containerlab.dev/manual/topo-def-file/), keeping of it what makes a lab here.
 *
 * @returns our form of it, and a warning for each thing that is left out
 * @throws {TopologyError} with all that cannot be run
 */
export function importClab(
  { input, source, tree, mistakes: early }: ClabText,
  { environment, replaceKinds }: ImportOptions,
): { sketch: Sketch; warnings: Diagnostic[] } {
  const { clab, mistakes: misshapen } = readClabFile(tree, environment);
  const imported = importNodes(clab, replaceKinds);
  const nodes = new Map(clab.nodes.map((node) => [node.name.text, node]));
  const links = importLinks(clab.links, { nodes, bridges: imported.bridges, source });
  const mistakes = [
    ...early,
    ...misshapen,
    ...checkNames(clab, tree.span),
    ...imported.mistakes,
    ...links.mistakes,
  ];
  if (mistakes.length > 0) throw new TopologyError(source.diagnose(mistakes));
  const comment = [`From the containerlab file ${input.file.replace(/^.*\//, "")}.`];
  return {
    sketch: { comment, name: clab.name?.text ?? "", routers: imported.routers, links: links.links },
    warnings: source.diagnose([...ignoredKeys(clab), ...imported.warnings, ...links.warnings], "warning"),
  };
}

function checkNames({ name, nodes }: ClabFile, whole: Mistake["span"]): Mistake[] {
  const hint = (most: number) => `letters, digits, - and _, a letter or digit first, at most ${most} in all`;
  const check = ({ text, span }: Said, { of, most }: { of: string; most: number }): Mistake[] =>
    isName(text) && text.length <= most
      ? []
      : [{ span, message: `"${text}" cannot be the name of a ${of}`, hint: hint(most) }];
  const lab =
    name === undefined ? [{ span: whole, message: "the lab has no name", hint: "write name: lab" }] : [];
  return [
    ...lab,
    ...(name === undefined ? [] : check(name, { of: "lab", most: 32 })),
    ...nodes.flatMap((node) => check(node.name, { of: "router", most: 63 })),
  ];
}

function ignoredKeys({ ignored }: ClabFile): Mistake[] {
  return Array.from(ignored, ([key, span]) => ({
    span,
    message: `${key} means nothing to fe80, and is left out wherever it stands`,
  }));
}
