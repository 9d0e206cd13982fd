/** A name with numbers in the place of its ranges. */
export interface NumberedName {
  readonly name: string;
  /** The numbers in it, one a range. */
  readonly numbers: readonly number[];
}

/** A text with ranges, taken apart; its names are not made yet, for there may be many. */
export interface RangeText {
  /** How many names it stands for. */
  readonly count: number;
  /** What stands before, between and behind the ranges: one more than there are ranges. */
  readonly fixed: readonly string[];
  readonly ranges: readonly (readonly Interval[])[];
}

/** Numbers from the first to the last, with leading zeros up to a width. */
interface Interval {
  readonly first: number;
  readonly last: number;
  readonly width: number;
}

/** Why a text with brackets stands for no names. */
export interface RangeProblem {
  readonly message: string;
  readonly hint: string;
}

/** So many names a text may stand for, and so many routers a lab may have. */
export const maxRouters = 10_000;

const rangeHint = 'write it as "leaf[1-16]", "leaf[01-16]" or "leaf[1-4,7]"';

/** Whether a text has a range in it, well-formed or not. */
export function hasRange(text: string): boolean {
  return text.includes("[") || text.includes("]");
}

/** Takes a text with ranges such as `leaf[1-4,7]` apart. A text without ranges stands for itself. */
export function parseRanges(text: string): RangeText | RangeProblem {
  const parts = text.split(/\[([^[\]]*)\]/);
  const fixed = parts.filter((_, index) => index % 2 === 0);
  const ranges = parts.filter((_, index) => index % 2 === 1).map(parseIntervals);
  const sound = ranges.filter((range) => range !== undefined);
  if (fixed.some(hasRange) || sound.length < ranges.length) {
    return { message: `${shown(text)} is not a range of names`, hint: rangeHint };
  }
  const count = sound.reduce((product, range) => product * countOf(range), 1);
  if (count <= maxRouters) return { count, fixed, ranges: sound };
  return {
    message: `${shown(text)} stands for more than ${maxRouters} names`,
    hint: "make the range smaller",
  };
}

/** All names, the last range counting fastest. */
export function expandRanges({ fixed, ranges }: RangeText): readonly NumberedName[] {
  let names: NumberedName[] = [{ name: fixed[0] ?? "", numbers: [] }];
  for (const [index, range] of ranges.entries()) {
    const numbers = range.flatMap(numbersOf);
    const after = fixed[index + 1] ?? "";
    names = names.flatMap(({ name, numbers: before }) =>
      numbers.map(({ text, value }) => ({ name: `${name}${text}${after}`, numbers: [...before, value] })),
    );
  }
  return names;
}

/** What stands in brackets: numbers and intervals between commas; undefined if it is something else. */
function parseIntervals(text: string): readonly Interval[] | undefined {
  const intervals: Interval[] = [];
  for (const part of text.split(",")) {
    const [, first, last = first] = /^ ?(\d{1,9})(?:-(\d{1,9}))? ?$/.exec(part) ?? [];
    if (first === undefined || last === undefined || Number(last) < Number(first)) return undefined;
    const width = first.startsWith("0") ? first.length : 0;
    intervals.push({ first: Number(first), last: Number(last), width });
  }
  return intervals;
}

function countOf(range: readonly Interval[]): number {
  return range.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

function numbersOf({ first, last, width }: Interval): { text: string; value: number }[] {
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const value = first + index;
    return { text: String(value).padStart(width, "0"), value };
  });
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}
