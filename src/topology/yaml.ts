import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { quote } from "../bgp/config/message.ts";
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
  readonly mistakes: Mistake[];
  readonly anchors: Map<string, { tree: Tree; size: number }>;
  /** How many values were read, those repeated by aliases included. */
  size: number;
  repeated: number;
}

/**
 * Reads one YAML 1.2 document.
 *
 * @returns the tree, undefined where there is none; it is complete only without mistakes
 */
export function readYaml(source: Source, text: string): { tree: Tree | undefined; mistakes: Mistake[] } {
  const document = parseDocument<Node, true>(text, {
    schema: "core",
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    // The library compares every key with every other one; `readMapping` finds duplicates in one pass.
    uniqueKeys: false,
  });
  const mistakes = syntaxMistakes(source, [...document.errors, ...document.warnings]);
  if (mistakes.length > 0 || !document.contents) return { tree: undefined, mistakes };
  const reading: Reading = { source, text, mistakes, anchors: new Map(), size: 0, repeated: 0 };
  return { tree: readNode(reading, document.contents, 0), mistakes };
}

/** One mistake a line: the parser stumbles again and again after the first. */
function syntaxMistakes(source: Source, errors: readonly YAMLError[]): Mistake[] {
  const byLine = new Map<number, Mistake>();
  for (const error of errors) {
    const [start, end] = error.pos;
    const line = source.lineAt(start);
    if (!byLine.has(line)) byLine.set(line, { span: { start, end }, ...inOurWords(error) });
  }
  return [...byLine.values()];
}

function inOurWords({ code, message }: YAMLError): { message: string; hint?: string } {
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
    default:
      return { message: message.slice(0, 1).toLowerCase() + message.slice(1, 200) };
  }
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
  if (depth >= maxDepth) return refuse(reading, { span: spanOf(node), message: "nested too deeply" });
  if (isMap(node)) return readMapping(reading, node as YAMLMap<Node, Node | null>, depth);
  return isSeq(node) ? readSequence(reading, node as YAMLSeq<Node>, depth) : nothingAt(spanOf(node));
}

function readScalar({ text }: Reading, node: Scalar): ScalarTree {
  const value = node.value as ScalarTree["value"];
  const span = spanOf(node);
  if (typeof value !== "string") return { type: "scalar", value, span, text: undefined };
  const quoted = node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE";
  const inner = quoted ? { start: span.start + 1, end: span.end - 1 } : span;
  const asWritten = text.slice(inner.start, inner.end) === value;
  return { type: "scalar", value, span, text: asWritten ? inner : undefined };
}

function readSequence(reading: Reading, node: YAMLSeq<Node>, depth: number): SequenceTree {
  return {
    type: "sequence",
    items: node.items.map((item) => readNode(reading, item, depth + 1)),
    span: spanOf(node),
  };
}

function readMapping(reading: Reading, node: YAMLMap<Node, Node | null>, depth: number): MappingTree {
  const entries = new Map<string, { key: Span; value: Tree }>();
  for (const pair of node.items) {
    const key = readKey(reading, pair);
    const at = spanOf(pair.key);
    const value = pair.value ? readNode(reading, pair.value, depth + 1) : nothingAt(at);
    const earlier = key === undefined ? undefined : entries.get(key);
    if (key !== undefined && earlier === undefined) entries.set(key, { key: at, value });
    if (key === undefined || earlier === undefined) continue;
    const message = `${quote(key)} is there already, in line ${reading.source.lineAt(earlier.key.start)}`;
    reading.mistakes.push({ span: at, message });
  }
  return { type: "mapping", entries, span: spanOf(node) };
}

/** A key as it is written, so that a router may be called `7`; undefined if it is none. */
function readKey(reading: Reading, { key }: Pair<Node, Node | null>): string | undefined {
  const span = spanOf(key);
  if (!isScalar(key)) {
    reading.mistakes.push({ span, message: "a key must be plain text" });
    return undefined;
  }
  if (key.anchor !== undefined) readNode(reading, key, 0);
  const name = typeof key.value === "string" ? key.value : (key.source ?? "");
  if (name === "<<") {
    reading.mistakes.push({
      span,
      message: "merge keys are not part of YAML 1.2",
      hint: "what routers share goes under defaults",
    });
    return undefined;
  }
  if (name !== "prototype" && !(name in Object.prototype)) return name;
  reading.mistakes.push({ span, message: `${quote(name)} cannot be a key`, hint: "choose another name" });
  return undefined;
}

function readAlias(reading: Reading, node: Alias): Tree {
  const span = spanOf(node);
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

const nothingAt = (span: Span): ScalarTree => ({ type: "scalar", value: null, span, text: undefined });

function spanOf(node: Node): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}
