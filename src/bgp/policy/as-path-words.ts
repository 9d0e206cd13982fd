import { alphabet, boundary, type Pattern } from "./as-path-syntax.ts";

/** A piece of a regular expression that says something of whole AS numbers. */
export type MaskWord =
  | { readonly type: "start" | "end" | "gap" | "space" }
  /** One AS number out of some, or any; with `repeats` one or more of them, each behind a gap. */
  | { readonly type: "one"; readonly asns: readonly number[] | null; readonly repeats: boolean }
  /** None or more of them, each behind a gap. */
  | { readonly type: "more"; readonly asns: readonly number[] | null }
  /** `.*` */
  | { readonly type: "text" };

const every = 2 ** alphabet.length - 1;
const digits = 2 ** 10 - 1;
const space = 2 ** alphabet.indexOf(" ");
const maxAsn = 0xffff_ffff;

/** The words of each alternative of a pattern; undefined where it says anything else. */
export function maskWords(pattern: Pattern): readonly (readonly MaskWord[] | undefined)[] {
  const [only, ...more] = pattern.type === "sequence" ? pattern.parts : [];
  const inner = only !== undefined && only !== boundary && more.length === 0 ? only : pattern;
  if (inner.type !== "choice") return [wordsOf(inner)];
  return inner.parts.flatMap(maskWords);
}

function wordsOf(pattern: Pattern): MaskWord[] | undefined {
  const parts = pattern.type === "sequence" ? pattern.parts : [pattern];
  const words: MaskWord[] = [];
  for (let at = 0; at < parts.length; ) {
    const number = leadingNumber(parts.slice(at));
    const found = number === "" ? wordsOfPart(parts[at] as Pattern) : [one([Number(number)])];
    if (!found) return undefined;
    words.push(...found);
    at += Math.max(1, number.length);
  }
  return words;
}

function wordsOfPart(part: Pattern): MaskWord[] | undefined {
  if (part === boundary) return [{ type: "gap" }];
  switch (part.type) {
    case "start":
    case "end":
      return [{ type: part.type }];
    case "symbols":
      return part.mask === space ? [{ type: "space" }] : undefined;
    case "sequence":
      return wordsOf(part);
    case "choice":
      return choiceOf(part.parts);
    case "repeat":
      return repeatOf(part);
  }
}

const one = (asns: readonly number[] | null): MaskWord => ({ type: "one", asns, repeats: false });

/** The AS number that some patterns begin with, as it is written; empty for none. */
function leadingNumber(parts: readonly Pattern[]): string {
  const end = parts.findIndex((part) => digitOf(part) === undefined);
  const text = (end < 0 ? parts : parts.slice(0, end)).map(digitOf).join("");
  return /^[1-9]\d{0,9}$/.test(text) && Number(text) <= maxAsn ? text : "";
}

function digitOf(part: Pattern): string | undefined {
  const index = part.type === "symbols" ? Math.log2(part.mask) : Number.NaN;
  return Number.isInteger(index) && index < 10 ? alphabet[index] : undefined;
}

/** `(64512|64513)` */
function choiceOf(parts: readonly Pattern[]): MaskWord[] | undefined {
  const asns = parts.map((part) => {
    const [word, ...more] = wordsOf(part) ?? [];
    return more.length === 0 && word?.type === "one" && !word.repeats ? word.asns : null;
  });
  return asns.every((some) => some !== null)
    ? [one([...new Set(asns.flat())].sort((a, b) => a - b))]
    : undefined;
}

/** `.*`, `[0-9]+`, `(_64512)*` and `(_64512)+` */
function repeatOf({ part, min, max }: Extract<Pattern, { type: "repeat" }>): MaskWord[] | undefined {
  if (Number.isFinite(max) || min > 1) return undefined;
  if (part.type === "symbols" && part.mask === every && min === 0) return [{ type: "text" }];
  if (part.type === "symbols" && part.mask === digits && min === 1) return [one(null)];
  const [gap, step, ...more] = wordsOf(part) ?? [];
  const isBehindGap = gap?.type === "gap" || gap?.type === "space";
  if (!isBehindGap || step?.type !== "one" || step.repeats || more.length > 0) return undefined;
  if (min === 0) return [{ type: "more", asns: step.asns }];
  return step.asns === null ? [gap, step, { type: "more", asns: null }] : [gap, { ...step, repeats: true }];
}
