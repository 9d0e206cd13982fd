import { expandRanges, hasRange, parseRanges } from "./range.ts";

/** How many names may be compared with patterns in all: thousands of patterns over thousands of routers take long. */
const maxComparisons = 3_000_000;

/** What a pattern stands for. */
export interface Selection {
  /** In the order of the file, or of the pattern's ranges. */
  readonly names: readonly string[];
  /** The first part of the pattern that stands for nobody: a name, or a text with a `*`. */
  readonly missing: string | undefined;
}

/** The names of a lab's routers, of which patterns choose some. */
export class RouterNames {
  readonly #names: readonly string[];
  readonly #known: ReadonlySet<string>;
  readonly #selections = new Map<string, Selection>();
  readonly #sets = new Map<string, ReadonlySet<string>>();
  #comparisons = 0;

  constructor(names: Iterable<string>) {
    this.#names = [...names];
    this.#known = new Set(this.#names);
  }

  /** All that a pattern stands for: `leaf*` any letters, digits, - and _ in the place of the star; `leaf[1-4]` four names. */
  select(pattern: string): Selection {
    const earlier = this.#selections.get(pattern);
    if (earlier !== undefined) return earlier;
    const selection = this.#selectAnew(pattern);
    this.#selections.set(pattern, selection);
    return selection;
  }

  /** Whether patterns have become too many for the names; those are not looked for any more. */
  get exhausted(): boolean {
    return this.#comparisons > maxComparisons;
  }

  /** Whether a pattern stands for a router, among others perhaps. */
  stands(pattern: string, { for: name }: { for: string }): boolean {
    this.#comparisons++;
    if (this.exhausted || !isMultiple(pattern)) return pattern === name;
    return this.#setOf(pattern).has(name);
  }

  #setOf(pattern: string): ReadonlySet<string> {
    const known = this.#sets.get(pattern) ?? new Set(this.select(pattern).names);
    this.#sets.set(pattern, known);
    return known;
  }

  /** Counts work on names that is not done here. */
  charge(comparisons: number): void {
    this.#comparisons += comparisons;
  }

  #selectAnew(pattern: string): Selection {
    const ranges = hasRange(pattern) ? parseRanges(pattern) : undefined;
    if (ranges === undefined) return this.#selectAll([pattern]);
    if ("message" in ranges) return { names: [], missing: pattern };
    this.#comparisons += 8 * ranges.count;
    return this.#selectAll(this.exhausted ? [pattern] : expandRanges(ranges).map(({ name }) => name));
  }

  #selectAll(parts: readonly string[]): Selection {
    const found = parts.map((name) => ({ name, names: this.#find(name) }));
    const all = new Set(found.flatMap(({ names }) => names));
    return { names: [...all], missing: found.find(({ names }) => names.length === 0)?.name };
  }

  #find(name: string): readonly string[] {
    if (!name.includes("*")) return this.#known.has(name) ? [name] : [];
    this.#comparisons += this.#names.length;
    if (this.exhausted) return [];
    return this.#names.filter((candidate) => matches(candidate, name));
  }
}

/** Whether a text could stand for routers: a name, or a part of one with stars and ranges. */
export function isPattern(text: string): boolean {
  if (!/^[\w*[-][\w*[\],-]*$/.test(text) || text.length > 200) return false;
  return !hasRange(text) || !("message" in parseRanges(text));
}

/** Whether a text may stand for several routers. */
export function isMultiple(pattern: string): boolean {
  return pattern.includes("*") || hasRange(pattern);
}

/** Each part between stars is found as early as it can be, so that no pattern takes long. */
function matches(name: string, pattern: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop() ?? "";
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of parts) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
