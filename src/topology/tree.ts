import type { Span } from "./source.ts";

/** A YAML document as plain values that know where they were written. */
export type Tree = ScalarTree | MappingTree | SequenceTree;

export interface ScalarTree {
  readonly type: "scalar";
  readonly value: string | number | boolean | null;
  readonly span: Span;
  /** Where the text itself begins and ends if it is written as it is, with no escapes or folding. */
  readonly text: Span | undefined;
  /** Whether it is written without quotes. */
  readonly plain: boolean;
}

export interface MappingTree {
  readonly type: "mapping";
  readonly entries: ReadonlyMap<string, { readonly key: Span; readonly value: Tree }>;
  readonly span: Span;
}

export interface SequenceTree {
  readonly type: "sequence";
  readonly items: readonly Tree[];
  readonly span: Span;
}

/** A step into a tree: a key, an index, or a part of a text by its offsets. */
export type Step = string | number | Span;

export type Path = readonly Step[];

/** The value alone, as `JSON.parse` would give it. */
export function plainValue(tree: Tree): unknown {
  switch (tree.type) {
    case "scalar":
      return tree.value;
    case "sequence":
      return tree.items.map(plainValue);
    case "mapping":
      return Object.fromEntries(Array.from(tree.entries, ([key, { value }]) => [key, plainValue(value)]));
  }
}

/** How many values a tree has, itself included; counting stops above `most`. */
export function treeSize(tree: Tree, most: number): number {
  if (tree.type === "scalar") return 1 + (typeof tree.value === "string" ? tree.value.length >> 6 : 0);
  const children =
    tree.type === "sequence" ? tree.items : Array.from(tree.entries.values(), (entry) => entry.value);
  let size = 1;
  for (const child of children) {
    if (size > most) break;
    size += treeSize(child, most - size);
  }
  return size;
}

/** Where a path leads, or its nearest ancestor if the thing itself is what is missing. */
export function locate(tree: Tree, path: Path): Span {
  let here = tree;
  for (const step of path) {
    if (typeof step === "object") return within(here, step);
    const next = child(here, step);
    if (next === undefined) break;
    here = next;
  }
  return here.span;
}

/** Where the last key of a path is written; its value's place if it is no key. */
export function locateKey(tree: Tree, path: Path): Span {
  let here: Tree | undefined = tree;
  for (const step of path.slice(0, -1))
    here = here && typeof step !== "object" ? child(here, step) : undefined;
  const entry = here?.type === "mapping" ? here.entries.get(String(path.at(-1))) : undefined;
  return entry?.key ?? locate(tree, path);
}

function child(tree: Tree, step: string | number): Tree | undefined {
  if (tree.type === "mapping") return tree.entries.get(String(step))?.value;
  return tree.type === "sequence" ? tree.items[Number(step)] : undefined;
}

function within(tree: Tree, { start, end }: Span): Span {
  const text = tree.type === "scalar" ? tree.text : undefined;
  return text === undefined ? tree.span : { start: text.start + start, end: text.start + end };
}
