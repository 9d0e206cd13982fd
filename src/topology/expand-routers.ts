import { quote } from "../bgp/config/message.ts";
import type { Variables } from "./expression.ts";
import { expandRanges, hasRange, maxRouters, type NumberedName, parseRanges } from "./range.ts";
import type { Mistake, Source, Span } from "./source.ts";
import { fill, isTemplate } from "./template.ts";
import { type MappingTree, type SequenceTree, type Tree, treeSize } from "./tree.ts";

/** How many values may come of all ranges: a large body for many routers can otherwise fill the memory. */
const maxValues = 200_000;

type Entries = Map<string, MappingTree["entries"] extends ReadonlyMap<string, infer Entry> ? Entry : never>;

interface Expansion {
  readonly source: Source;
  readonly numericKeys: ReadonlySet<string>;
  readonly mistakes: Mistake[];
  values: number;
}

/** Replaces every router whose name has a range by the routers that it stands for, and fills in their bodies' expressions. */
export function expandRouters(
  tree: MappingTree,
  { source, numericKeys }: { source: Source; numericKeys: ReadonlySet<string> },
): { tree: MappingTree; mistakes: Mistake[] } {
  const routers = tree.entries.get("routers");
  if (routers === undefined || routers.value.type === "scalar") return { tree, mistakes: [] };
  const expansion: Expansion = { source, numericKeys, mistakes: [], values: 0 };
  const value =
    routers.value.type === "mapping"
      ? expandMapping(expansion, routers.value)
      : expandList(expansion, routers.value);
  const entries = new Map(tree.entries).set("routers", { ...routers, value });
  return { tree: { ...tree, entries }, mistakes: expansion.mistakes };
}

function expandMapping(expansion: Expansion, tree: MappingTree): MappingTree {
  const entries: Entries = new Map();
  for (const [text, entry] of tree.entries) {
    if (isFull(expansion, entries.size, entry.key)) break;
    const names = namesOf(expansion, text, { ...entry.key, size: treeSize(entry.value, maxValues) });
    const template = isTemplate(entry.value, expansion.numericKeys);
    for (const [index, { name, numbers }] of names.entries()) {
      const variables = hasRange(text) ? variablesOf(numbers, index) : new Map();
      const value = template ? fill(entry.value, { ...expansion, variables }) : entry.value;
      const earlier = entries.get(name);
      if (earlier === undefined) entries.set(name, { key: entry.key, value });
      else expansion.mistakes.push(repeated(expansion.source, name, [earlier.key.start, entry.key]));
    }
  }
  return { ...tree, entries };
}

function expandList(expansion: Expansion, tree: SequenceTree): SequenceTree {
  let size = 0;
  const items = tree.items.flatMap((item): Tree[] => {
    if (size > maxRouters || isFull(expansion, size++, item.span)) return [];
    if (item.type !== "scalar" || typeof item.value !== "string") return [item];
    const names = namesOf(expansion, item.value, { ...item.span, size: 1 });
    size += names.length - 1;
    return names.map(({ name }) => ({ ...item, value: name }));
  });
  return { ...tree, items };
}

/** Whether there is room for no more routers, which is said once. */
function isFull({ mistakes }: Expansion, size: number, span: Span): boolean {
  if (size < maxRouters) return false;
  mistakes.push({ span, message: `a lab has at most ${maxRouters} routers and hosts` });
  return true;
}

function namesOf(
  expansion: Expansion,
  text: string,
  { size, ...span }: { start: number; end: number; size: number },
): readonly NumberedName[] {
  if (!hasRange(text)) return [{ name: text, numbers: [] }];
  const ranges = parseRanges(text);
  if ("message" in ranges) {
    expansion.mistakes.push({ span, ...ranges });
    return [stub(text)];
  }
  const before = expansion.values;
  expansion.values += ranges.count * size;
  if (expansion.values <= maxValues) return expandRanges(ranges);
  if (before <= maxValues) {
    const hint = `at most ${maxRouters} routers, and ${maxValues} values in all that ranges stand for`;
    expansion.mistakes.push({ span, message: "the ranges stand for too much", hint });
  }
  return [stub(text)];
}

/** Stands for routers that cannot be, so that the rest can be judged. */
function stub(text: string): NumberedName {
  return { name: text.replace(/[^\w-]/g, ""), numbers: [] };
}

/** `n` is the first range's number; `n1`, `n2`, … are those of all; `i` is the place among the names, from 1. */
function variablesOf(numbers: readonly number[], index: number): Variables {
  return new Map([
    ["n", numbers[0] ?? 0],
    ...numbers.map((value, at): [string, number] => [`n${at + 1}`, value]),
    ["i", index + 1],
  ]);
}

function repeated(
  source: Source,
  name: string,
  [earlier, span]: [number, { start: number; end: number }],
): Mistake {
  const message = `${quote(name)} is there already, in ${source.placeOf(earlier, { from: span.start })}`;
  return { span, message, hint: "leave it out of the range, as in leaf[1-3,5-8]" };
}
