import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { quote } from "../bgp/config/message.ts";
import { composeDocument } from "./compose-document.ts";
import type { Mistake, Source, Span } from "./source.ts";
import type { MappingTree, ScalarTree, SequenceTree, Tree } from "./tree.ts";

/** Deeper nesting than this is no topology; the language itself needs 5. */
const maxDepth = 20;

/** How many values aliases may repeat in all: a few lines of them can otherwise stand for billions. */
const maxRepeated = 100_000;

/** What is known while a document is read, in its order. */
interface Reading {
  readonly source: Source;
  readonly text: string;
  /** The offset of the text's first character. */
  readonly base: number;
  readonly mistakes: Mistake[];
  readonly anchors: Map<string, { tree: Tree; size: number }>;
  /** How many values were read, those repeated by aliases included. */
  size: number;
  repeated: number;
}

/**
 * Reads one YAML 1.2 document, with the merge keys (`<<`) of YAML 1.1.
 *
 * @returns the tree, undefined where there is none; it is complete only without mistakes
 */
export function readYaml(
  source: Source,
  input: { file: string; text: string },
): { tree: Tree | undefined; mistakes: Mistake[] } {
  const { text } = input;
  const base = source.add(input);
  const document = composeDocument(text);
  if ("offset" in document) {
    const { offset, ...words } = document;
    const span = { start: base + offset, end: base + offset + 1 };
    return { tree: undefined, mistakes: [{ span, ...words }] };
  }
  const mistakes = syntaxMistakes([...document.errors, ...document.warnings], { text, base });
  if (mistakes.length > 0 || !document.contents) return { tree: undefined, mistakes };
  const reading: Reading = { source, text, base, mistakes, anchors: new Map(), size: 0, repeated: 0 };
  return { tree: readNode(reading, document.contents, 0), mistakes };
}

/** One mistake a line: the parser stumbles again and again after the first. */
function syntaxMistakes(
  errors: readonly YAMLError[],
  { text, base }: { text: string; base: number },
): Mistake[] {
  const mistakes: Mistake[] = [];
  let lineEnd = -1;
  for (const error of errors.toSorted((a, b) => a.pos[0] - b.pos[0])) {
    const [start, end] = error.pos;
    if (start <= lineEnd) continue;
    const next = text.indexOf("\n", start);
    lineEnd = next < 0 ? text.length : next;
    mistakes.push({ span: { start: base + start, end: base + end }, ...inOurWords(error, text) });
  }
  return mistakes;
}

function inOurWords({ code, message, pos }: YAMLError, text: string): { message: string; hint?: string } {
  const words = { message: message.slice(0, 1).toLowerCase() + message.slice(1, 200) };
  switch (code) {
    case "MULTIPLE_DOCS":
      return { message: "a second YAML document begins here", hint: "one file holds one topology" };
    case "RESOURCE_EXHAUSTION":
      return { message: "nested too deeply" };
    case "TAB_AS_INDENT":
      return { message: "tabs are not allowed as indentation", hint: "indent with spaces" };
    case "TAG_RESOLVE_FAILED":
      return {
        message: "YAML tags are not part of a topology",
        hint: 'quote the text if it begins with "!"',
      };
    case "BAD_ALIAS":
      return { ...words, hint: 'quote the text if it begins with "*"' };
    default:
      return isBracketTrap(text, pos[0]) ? { ...words, hint: bracketHint } : words;
  }
}

const bracketHint =
  'YAML takes {} and [] inside a list or a map, and at the beginning, for its own: quote the text, as in "10.0.{n}.0/24"';

/** Whether a text seems to go on with a bracket, or after one: `leaf[1-4]` or `{n}.0` where YAML wants quotes. */
function isBracketTrap(text: string, at: number): boolean {
  const around = text.slice(Math.max(0, at - 1), at + 1);
  return /^[\w.:$][{[]$/.test(around) || /^[}\]][\w.:]$/.test(around);
}

function readNode(reading: Reading, node: Node, depth: number): Tree {
  const sizeBefore = reading.size++;
  const tree = readContent(reading, node, depth);
  if (!isAlias(node) && node.anchor !== undefined) {
    reading.anchors.set(node.anchor, { tree, size: reading.size - sizeBefore });
  }
  return tree;
}

function readContent(reading: Reading, node: Node, depth: number): Tree {
  if (isAlias(node)) return readAlias(reading, node);
  if (isScalar(node)) return readScalar(reading, node);
  if (depth >= maxDepth)
    return refuse(reading, { span: spanOf(node, reading.base), message: "nested too deeply" });
  if (isMap(node)) return readMapping(reading, node as YAMLMap<Node, Node | null>, depth);
  return isSeq(node)
    ? readSequence(reading, node as YAMLSeq<Node>, depth)
    : nothingAt(spanOf(node, reading.base));
}

function readScalar({ text, base }: Reading, node: Scalar): ScalarTree {
  const value = node.value as ScalarTree["value"];
  const span = spanOf(node, base);
  const plain = node.type === "PLAIN";
  if (typeof value !== "string") return { type: "scalar", value, span, text: undefined, plain };
  const quoted = node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE";
  const inner = quoted ? { start: span.start + 1, end: span.end - 1 } : span;
  const asWritten = text.slice(inner.start - base, inner.end - base) === value;
  return { type: "scalar", value, span, text: asWritten ? inner : undefined, plain };
}

function readSequence(reading: Reading, node: YAMLSeq<Node>, depth: number): SequenceTree {
  return {
    type: "sequence",
    items: node.items.map((item) => readNode(reading, item, depth + 1)),
    span: spanOf(node, reading.base),
  };
}

function readMapping(reading: Reading, node: YAMLMap<Node, Node | null>, depth: number): MappingTree {
  const entries = new Map<string, { key: Span; value: Tree }>();
  const merged: Tree[] = [];
  for (const pair of node.items) {
    const at = spanOf(pair.key, reading.base);
    const key = readKey(reading, pair);
    const value = pair.value ? readNode(reading, pair.value, depth + 1) : nothingAt(at);
    if (key === mergeKey) merged.push(value);
    if (key === undefined || key === mergeKey) continue;
    const earlier = entries.get(key);
    if (earlier === undefined) {
      entries.set(key, { key: at, value });
      continue;
    }
    const place = reading.source.placeOf(earlier.key.start, { from: at.start });
    reading.mistakes.push({ span: at, message: `${quote(key)} is there already, in ${place}` });
  }
  for (const value of merged) mergeInto(reading, entries, value);
  return { type: "mapping", entries, span: spanOf(node, reading.base) };
}

const mergeKey = "<<";

/** What is merged stands behind what the map has itself, and gives way to it; so do later maps of a list to earlier ones. */
function mergeInto(reading: Reading, entries: Map<string, { key: Span; value: Tree }>, merged: Tree): void {
  for (const map of merged.type === "sequence" ? merged.items : [merged]) {
    if (map.type !== "mapping") {
      const hint = "write <<: *name, where &name marks a map further up, or <<: [*one, *two]";
      reading.mistakes.push({ span: map.span, message: "only maps can be merged", hint });
      continue;
    }
    for (const [key, entry] of map.entries) if (!entries.has(key)) entries.set(key, entry);
  }
}

/** A key as it is written, so that a router may be called `7`; undefined if it is none. */
function readKey(reading: Reading, { key }: Pair<Node, Node | null>): string | undefined {
  const span = spanOf(key, reading.base);
  if (!isScalar(key)) {
    reading.mistakes.push({ span, message: "a key must be plain text" });
    return undefined;
  }
  if (key.anchor !== undefined) readNode(reading, key, 0);
  const name = typeof key.value === "string" ? key.value : (key.source ?? "");
  if (name !== "prototype" && !(name in Object.prototype)) return name;
  reading.mistakes.push({ span, message: `${quote(name)} cannot be a key`, hint: "choose another name" });
  return undefined;
}

function readAlias(reading: Reading, node: Alias): Tree {
  const span = spanOf(node, reading.base);
  const target = reading.anchors.get(node.source);
  if (target === undefined) {
    const message = `no complete value before this alias is called &${node.source}`;
    return refuse(reading, { span, message, hint: 'quote the text if it begins with "*"' });
  }
  const before = reading.repeated;
  reading.repeated += target.size;
  reading.size += target.size;
  if (reading.repeated <= maxRepeated) return target.tree;
  return before > maxRepeated
    ? nothingAt(span)
    : refuse(reading, { span, message: "aliases repeat too much" });
}

function refuse(reading: Reading, mistake: Mistake): Tree {
  reading.mistakes.push(mistake);
  return nothingAt(mistake.span);
}

const nothingAt = (span: Span): ScalarTree => ({
  type: "scalar",
  value: null,
  span,
  text: undefined,
  plain: true,
});

function spanOf(node: Node, base: number): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start: base + start, end: base + end };
}
