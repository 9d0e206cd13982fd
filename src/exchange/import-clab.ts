import type { Sketch } from "../generate/sketch.ts";
import { type Diagnostic, TopologyError } from "../topology/diagnostic.ts";
import type { Environment } from "../topology/environment.ts";
import { isName } from "../topology/fields.ts";
import { type Mistake, Source } from "../topology/source.ts";
import type { Tree } from "../topology/tree.ts";
import { readYaml } from "../topology/yaml.ts";
import { type ClabFile, readClabFile, type Said } from "./clab-file.ts";
import { type ClabInput, hasNodes, isClabFile } from "./clab-form.ts";
import type { ReplaceKinds } from "./clab-kinds.ts";
import { importLinks } from "./clab-links.ts";
import { importNodes } from "./clab-nodes.ts";

export interface ImportOptions {
  readonly environment: Environment;
  readonly replaceKinds: ReplaceKinds;
}

/** The lab's name in a containerlab file, whether it can be run or not; undefined if it is no such file, or has no name. */
export function clabName(input: ClabInput, environment: Environment): string | undefined {
  if (!isClabFile(input)) return undefined;
  const { tree } = readYaml(new Source(), input);
  const name = tree?.type === "mapping" ? readClabFile(tree, environment).clab.name : undefined;
  return name !== undefined && isName(name.text) ? name.text : undefined;
}

function notClab(tree: Tree | undefined): Mistake {
  const { start } = tree?.span ?? { start: 0 };
  const hint = "it needs a name, and a map topology with nodes in it";
  return { span: { start, end: start }, message: "this is no containerlab file", hint };
}

/**
 * Reads a containerlab file (https://containerlab.dev/manual/topo-def-file/), keeping of it what makes a lab here.
 *
 * @returns our form of it, and a warning for each thing that is left out
 * @throws {TopologyError} with all that cannot be run
 */
export function importClab(
  input: ClabInput,
  { environment, replaceKinds }: ImportOptions,
): { sketch: Sketch; warnings: Diagnostic[] } {
  const source = new Source();
  const { tree, mistakes } = readYaml(source, input);
  if (tree?.type !== "mapping" || !hasNodes(tree)) {
    const found = mistakes.length > 0 ? mistakes : [notClab(tree)];
    throw new TopologyError(source.diagnose(found));
  }
  const { clab, mistakes: misshapen } = readClabFile(tree, environment);
  const imported = importNodes(clab, replaceKinds);
  const nodes = new Map(clab.nodes.map((node) => [node.name.text, node]));
  const links = importLinks(clab.links, { nodes, bridges: imported.bridges, source });
  mistakes.push(...misshapen, ...checkNames(clab, tree.span), ...imported.mistakes, ...links.mistakes);
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
