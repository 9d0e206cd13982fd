import type { Sketch } from "../generate/sketch.ts";
import { type Diagnostic, TopologyError } from "../topology/diagnostic.ts";
import type { Environment } from "../topology/environment.ts";
import { isName } from "../topology/fields.ts";
import type { Mistake, Source } from "../topology/source.ts";
import { type ClabFile, readClabFile, type Said } from "./clab-file.ts";
import type { ClabText } from "./clab-form.ts";
import type { ReplaceKinds } from "./clab-kinds.ts";
import { importLinks } from "./clab-links.ts";
import { importNodes } from "./clab-nodes.ts";

/** Each node is a program of its own, or a container: a machine holds fewer. */
const maxNodes = 5_000;
const maxLinks = 10_000;
const sizeHint = "larger labs are written in fe80's own form, with ranges and patterns";

export interface ImportOptions {
  readonly environment: Environment;
  readonly replaceKinds: ReplaceKinds;
}

/** The lab's name in a containerlab file, whether it can be run or not. */
export function clabName({ tree }: ClabText, environment: Environment): string | undefined {
  const { name } = readClabFile(tree, environment).clab;
  return name !== undefined && isName(name.text) ? name.text : undefined;
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
  checkSize(clab, source);
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

/** @throws {TopologyError} */
function checkSize({ nodes, links }: ClabFile, source: Source): void {
  const [surplus] = [...nodes.slice(maxNodes).map(({ name }) => name), ...links.slice(maxLinks)];
  if (surplus === undefined) return;
  const message = `the file has more than ${maxNodes} nodes or ${maxLinks} links`;
  throw new TopologyError(source.diagnose([{ span: surplus.span, message, hint: sizeHint }]));
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
