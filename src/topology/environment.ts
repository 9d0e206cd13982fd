import type { Mistake } from "./source.ts";
import type { ScalarTree, Tree } from "./tree.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** How many characters may be put in the place of variables in all. */
const maxInserted = 1 << 20;

/** How deeply defaults may have variables in them. */
const maxDepth = 5;

interface Expansion {
  readonly environment: Environment;
  readonly mistakes: Mistake[];
  /** Trees that aliases repeat stay one tree. */
  readonly done: Map<Tree, Tree>;
  inserted: number;
}

/**
 * Replaces `${NAME}`, `${NAME:-default}`, `${NAME:?message}` in every value, as a shell does, and `$$` by a dollar.
 *
 * What comes of a plain scalar is read as one again, so that it may be a number, `true` or `false`.
 */
export function expandEnvironment(tree: Tree, environment: Environment): { tree: Tree; mistakes: Mistake[] } {
  const expansion: Expansion = { environment, mistakes: [], done: new Map(), inserted: 0 };
  return { tree: expand(expansion, tree), mistakes: expansion.mistakes };
}

function expand(expansion: Expansion, tree: Tree): Tree {
  const known = expansion.done.get(tree);
  if (known !== undefined) return known;
  const expanded = expandAnew(expansion, tree);
  expansion.done.set(tree, expanded);
  return expanded;
}

function expandAnew(expansion: Expansion, tree: Tree): Tree {
  switch (tree.type) {
    case "scalar":
      return typeof tree.value === "string" && tree.value.includes("$")
        ? expandScalar(expansion, tree, tree.value)
        : tree;
    case "sequence":
      return { ...tree, items: tree.items.map((item) => expand(expansion, item)) };
    case "mapping": {
      const entries = Array.from(
        tree.entries,
        ([name, { key, value }]) => [name, { key, value: expand(expansion, value) }] as const,
      );
      return { ...tree, entries: new Map(entries) };
    }
  }
}

function expandScalar(expansion: Expansion, tree: ScalarTree, text: string): ScalarTree {
  const value = substitute(text, 0, {
    expansion,
    refuse: (message, hint) => expansion.mistakes.push({ span: tree.span, message, hint }),
  });
  if (value === text) return tree;
  return { ...tree, value: tree.plain ? resolvePlain(value) : value, text: undefined };
}

interface Place {
  readonly expansion: Expansion;
  refuse(message: string, hint: string): void;
}

const opening = "$" + "{";
const syntaxHint = `write ${opening}NAME}, ${opening}NAME:-default} or ${opening}NAME:?message}; $$ is a dollar`;

function substitute(text: string, depth: number, place: Place): string {
  let result = "";
  let at = 0;
  for (;;) {
    const dollar = text.indexOf("$", at);
    const next = text[dollar + 1];
    if (dollar < 0) return result + text.slice(at);
    result += text.slice(at, dollar);
    if (next === "{") {
      const end = closing(text, dollar + 2);
      if (end < 0 || depth >= maxDepth) {
        place.refuse(end < 0 ? `a ${opening} without its }` : "variables are nested too deeply", syntaxHint);
        return result;
      }
      result += variable(text.slice(dollar + 2, end), depth, place);
      at = end + 1;
    } else {
      result += "$";
      at = dollar + (next === "$" ? 2 : 1);
    }
  }
}

/** Where the brace that is open before an offset is closed; below 0 if nowhere. */
function closing(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "{") open++;
    if (text[at] === "}" && --open === 0) return at;
  }
  return -1;
}

function variable(text: string, depth: number, place: Place): string {
  const { expansion } = place;
  const [, name, operator, word = ""] = /^([A-Za-z_]\w*)(?:(:-|:\?)(.*))?$/s.exec(text) ?? [];
  if (name === undefined) {
    place.refuse(`${JSON.stringify(text.slice(0, 40))} is no variable`, syntaxHint);
    return "";
  }
  const set = Object.hasOwn(expansion.environment, name) ? expansion.environment[name] : undefined;
  const usable = set !== undefined && (operator === undefined || set !== "");
  if (usable) return insert(set, place);
  if (operator === ":-") return substitute(word, depth + 1, place);
  const asked = operator === ":?" && word !== "" ? word.slice(0, 200) : undefined;
  place.refuse(
    `the environment variable ${name} is not set`,
    asked ?? `set it, or write ${opening}${name}:-default}`,
  );
  return "";
}

function insert(value: string, { expansion, refuse }: Place): string {
  expansion.inserted += value.length;
  if (expansion.inserted <= maxInserted) return value;
  refuse("the environment variables are too long in all", "at most 1 MiB may come from the environment");
  return "";
}

/** What YAML's core schema makes of a plain scalar (YAML 1.2.2 §10.3.2). */
function resolvePlain(text: string): ScalarTree["value"] {
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  return /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text) ? Number(text) : text;
}
