import { quote } from "../bgp/config/message.ts";
import { type Environment, expandEnvironment } from "./environment.ts";
import type { Mistake, Source } from "./source.ts";
import type { RuntimeName } from "./topology.ts";
import type { MappingTree, ScalarTree, SequenceTree, Tree } from "./tree.ts";
import { readYaml } from "./yaml.ts";

/** What a topology may use beside its own text. */
export interface Surroundings {
  readonly environment: Environment;
  /** What routers run in, in the place of what the file says of all of them. */
  readonly runtime?: RuntimeName | undefined;
  /** The text of an included file. @param from the file that includes it, as it stands in messages */
  read(path: string, from: string): Included | Unreadable;
}

/** A file that was read, under the name that stands in messages; two names of one file are equal. */
export interface Included {
  readonly file: string;
  readonly text: string;
}

/** Why a file cannot be included. */
export interface Unreadable {
  readonly problem: string;
  readonly hint: string;
}

/** How many files a topology may include in all, and how much text they may have. */
const maxFiles = 100;
const maxLength = 1024 * 1024;

/** Lists that go behind those of the files that are included; other lists are replaced, as texts and numbers are. */
const appended: ReadonlySet<string> = new Set(["links", "originate", "communities", "addresses"]);

interface Reading {
  readonly source: Source;
  readonly surroundings: Surroundings;
  readonly mistakes: Mistake[];
  files: number;
  length: number;
}

/** Reads a document, with the environment's variables replaced and with all that it includes merged under it. */
export function readDocument(
  source: Source,
  input: Included,
  surroundings: Surroundings,
): { tree: Tree | undefined; mistakes: Mistake[] } {
  const reading: Reading = { source, surroundings, mistakes: [], files: 0, length: 0 };
  return { tree: readFile(reading, input, []), mistakes: reading.mistakes };
}

function readFile(reading: Reading, input: Included, including: readonly string[]): Tree | undefined {
  const { tree, mistakes } = readYaml(reading.source, input);
  for (const mistake of mistakes) reading.mistakes.push(mistake);
  if (tree === undefined) return undefined;
  const { environment } = reading.surroundings;
  const expanded = expandEnvironment(tree, environment);
  for (const mistake of expanded.mistakes) reading.mistakes.push(mistake);
  const root = expanded.tree;
  if (root.type !== "mapping") return root;
  const include = root.entries.get("include")?.value;
  if (include === undefined) return root;
  const entries = new Map(root.entries);
  entries.delete("include");
  const fragments = readFragments(reading, include, [...including, input.file]);
  return fragments
    .toReversed()
    .reduce<MappingTree>((over, under) => merge(under, over), { ...root, entries });
}

const listHint = "write a list of files: include: [common.yaml]";

/** The maps that the listed files hold; later ones go over earlier ones. */
function readFragments(reading: Reading, include: Tree, including: readonly string[]): MappingTree[] {
  const items = include.type === "sequence" ? include.items : [include];
  return items.flatMap((item): MappingTree[] => {
    const refuse = (message: string, hint?: string) => {
      reading.mistakes.push({ span: item.span, message, hint });
      return [];
    };
    if (item.type !== "scalar" || typeof item.value !== "string" || item.value === "") {
      return item.type === "scalar" && item.value === null
        ? []
        : refuse("expected the path of a file", listHint);
    }
    const from = including.at(-1) ?? "";
    if (++reading.files > maxFiles) return refuse("too many files are included", `at most ${maxFiles}`);
    const read = reading.surroundings.read(item.value, from);
    if ("problem" in read) return refuse(`cannot include ${quote(item.value)}: ${read.problem}`, read.hint);
    if (including.includes(read.file)) {
      return refuse(`${read.file} includes itself`, `${[...including, read.file].join(" includes ")}`);
    }
    reading.length += read.text.length;
    if (reading.length > maxLength) return refuse("the included files are larger than 1 MiB in all");
    const tree = readFile(reading, read, including);
    if (tree === undefined || tree.type === "mapping") return tree === undefined ? [] : [tree];
    return refuse(`${read.file} is not a map`, "a fragment has the same keys as a topology");
  });
}

/** Two maps as one: what is over goes before what is under, maps are merged, and some lists appended. */
function merge(under: MappingTree, over: MappingTree): MappingTree {
  const entries = new Map(under.entries);
  for (const [key, entry] of over.entries) {
    const below = entries.get(key);
    entries.set(
      key,
      below === undefined ? entry : { ...entry, value: mergeValues(key, below.value, entry.value) },
    );
  }
  return { ...over, entries };
}

function mergeValues(key: string, below: Tree, above: Tree): Tree {
  const [under, over] = key === "routers" ? [asMapping(below), asMapping(above)] : [below, above];
  if (under.type === "mapping" && over.type === "mapping") return merge(under, over);
  if (under.type === "mapping" && over.type === "scalar" && over.value === null) return under;
  if (under.type === "sequence" && over.type === "sequence" && appended.has(key)) {
    return { ...over, items: [...under.items, ...over.items] };
  }
  return above;
}

/** A list of routers as a map of routers without bodies, unless there is something else in it. */
function asMapping(tree: Tree): Tree {
  if (tree.type !== "sequence") return tree;
  const names = tree.items.filter((item): item is ScalarTree & { value: string } => isText(item));
  if (names.length < tree.items.length || new Set(names.map(({ value }) => value)).size < names.length)
    return tree;
  return mappingOf(tree, names);
}

function mappingOf(tree: SequenceTree, names: readonly (ScalarTree & { value: string })[]): MappingTree {
  const entries = names.map((name) => {
    const value: Tree = { type: "scalar", value: null, span: name.span, text: undefined, plain: true };
    return [name.value, { key: name.span, value }] as const;
  });
  return { type: "mapping", entries: new Map(entries), span: tree.span };
}

function isText(tree: Tree): boolean {
  return tree.type === "scalar" && typeof tree.value === "string";
}
