import { evaluate, looksLikeExpression, type Variables } from "./expression.ts";
import type { Mistake, Span } from "./source.ts";
import type { MappingTree, ScalarTree, Tree } from "./tree.ts";

/** What a router's body is filled with. */
export interface Filling {
  readonly variables: Variables;
  /** Keys whose values are numbers: a text there is an expression as a whole. */
  readonly numericKeys: ReadonlySet<string>;
  readonly mistakes: Mistake[];
}

/** Its text is another program's configuration, which has braces of its own. */
const verbatimKey = "config";

/** Keys of rules for routes, where braces belong to regular expressions and `0-100` is a range. */
const ruleKeys: ReadonlySet<string> = new Set(["import", "export"]);

/** Whether anything in a tree depends on what it is filled with. */
export function isTemplate(tree: Tree, numericKeys: ReadonlySet<string>, key = ""): boolean {
  switch (tree.type) {
    case "scalar":
      if (typeof tree.value !== "string" || key === verbatimKey) return false;
      return /[{}]/.test(tree.value) || numericKeys.has(key);
    case "sequence":
      return !ruleKeys.has(key) && tree.items.some((item) => isTemplate(item, numericKeys));
    case "mapping":
      return [...tree.entries].some(([name, { value }]) => isTemplate(value, numericKeys, name));
  }
}

/** A tree with every `{expression}` in a text replaced by its number, and with numbers where numbers belong; rules for routes stay. */
export function fill(tree: Tree, filling: Filling, key = ""): Tree {
  switch (tree.type) {
    case "scalar":
      if (typeof tree.value !== "string" || key === verbatimKey) return tree;
      return fillText(tree, tree.value, { ...filling, key });
    case "sequence":
      return ruleKeys.has(key) ? tree : { ...tree, items: tree.items.map((item) => fill(item, filling)) };
    case "mapping":
      return fillMapping(tree, filling);
  }
}

function fillMapping(tree: MappingTree, filling: Filling): MappingTree {
  const entries = new Map(
    Array.from(tree.entries, ([name, { key, value }]) => [name, { key, value: fill(value, filling, name) }]),
  );
  return { ...tree, entries };
}

function fillText(tree: ScalarTree, text: string, filling: Filling & { readonly key: string }): ScalarTree {
  const { key, numericKeys, variables, mistakes } = filling;
  if (numericKeys.has(key) && looksLikeExpression(text)) {
    const value = evaluate(text, variables);
    if (typeof value === "number") return { ...tree, value, text: undefined };
    mistakes.push({ span: tree.span, ...value });
    return { ...tree, value: null };
  }
  if (!/[{}]/.test(text)) return tree;
  const value = text.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (whole, inner: string | undefined, at: number) => {
    if (inner === undefined) return whole.slice(0, 1);
    const filled = format(inner, variables);
    if (typeof filled === "string") return filled;
    mistakes.push({ span: part(tree, { start: at, end: at + whole.length }), ...filled });
    return "1";
  });
  return { ...tree, value, text: undefined };
}

function part(tree: ScalarTree, { start, end }: Span): Span {
  return tree.text === undefined ? tree.span : { start: tree.text.start + start, end: tree.text.start + end };
}

/** `n + 1`, or with a format `n:x` (hexadecimal) and `n:02` (at least two digits). */
function format(text: string, variables: Variables): string | { message: string; hint: string } {
  const [expression = "", layout = "", ...rest] = text.split(":");
  const [, width = "0", base = "d"] = /^(?:0(\d))?([xd])?$/.exec(layout) ?? [];
  if (rest.length > 0 || !/^(?:0\d)?[xd]?$/.test(layout)) {
    return {
      message: `"${layout.slice(0, 20)}" is not a format`,
      hint: "write {n}, {n:x}, {n:02} or {n:04x}",
    };
  }
  const value = evaluate(expression, variables);
  if (typeof value !== "number") return value;
  if (value < 0)
    return { message: `${value} is negative`, hint: "only numbers from 0 on can be part of a text" };
  return value.toString(base === "x" ? 16 : 10).padStart(Number(width), "0");
}
