import { parseAsPathPattern } from "./as-path-syntax.ts";
import { type MaskWord, maskWords } from "./as-path-words.ts";

/** A step of a mask: an AS number, out of some (null for any), maybe one or more of them in a row; or any AS numbers, be it none. */
export type MaskStep =
  | { readonly type: "one"; readonly asns: readonly number[] | null; readonly repeats: boolean }
  | { readonly type: "any" };

/** What an AS path is made of, from its first AS number to its last. */
export type AsPathMask = readonly MaskStep[];

/**
 * The masks of which one holds for an AS path if, and only if, a regular expression matches it; undefined if there are none. For
 * programs that know no regular expressions over AS paths. It is so for paths without sets, as all are that nobody aggregates.
 *
 * AS numbers must be whole, with `_` where they begin and end: `^64512_`, `_(64513|64514)$`, `^[0-9]+_64512$`, `^64512(_64512)*$`.
 */
export function asPathMasks(text: string): readonly AsPathMask[] | undefined {
  const pattern = parseAsPathPattern(text);
  if ("message" in pattern) return undefined;
  const masks: AsPathMask[] = [];
  for (const words of maskWords(pattern)) {
    const mask = words && maskOf(words);
    if (mask === undefined) return undefined;
    masks.push(mask);
  }
  return masks;
}

/**
 * Where in a path a pattern is: nowhere yet; at the first AS number; where one begins if any is left; where one must begin; at the
 * end of one; somewhere behind; at the end of the path.
 */
type At = "anywhere" | "first" | "edge" | "next" | "asn" | "behind" | "end";

interface Progress {
  readonly at: At;
  readonly mask: AsPathMask;
}

const any: MaskStep = { type: "any" };
const some: AsPathMask = [{ type: "one", asns: null, repeats: false }, any];

function maskOf(words: readonly MaskWord[]): AsPathMask | undefined {
  let progress: Progress | undefined = { at: "anywhere", mask: [] };
  for (const word of words) {
    progress = advance(progress, word);
    if (!progress) return undefined;
  }
  const { at, mask } = progress;
  if (at === "end") return mask;
  if (at === "asn" || at === "next") return undefined;
  return at === "edge" || at === "behind" ? [...mask, any] : [any];
}

/** Undefined where a mask cannot say the same. */
function advance({ at, mask }: Progress, word: MaskWord): Progress | undefined {
  const last = mask.at(-1);
  switch (word.type) {
    case "start":
      return at === "anywhere" ? { at: "first", mask } : undefined;
    case "gap":
      if (at === "first") return { at, mask };
      if (at === "anywhere") return { at: "next", mask: [any] };
      if (at === "behind") return { at: "next", mask: [...mask, ...some] };
      return at === "asn" ? { at: "edge", mask } : undefined;
    case "space":
      return at === "asn" ? { at: "next", mask } : undefined;
    case "one":
      if (at !== "first" && at !== "edge" && at !== "next") return undefined;
      return { at: "asn", mask: [...mask, word] };
    case "more":
      if (at !== "asn" || last?.type !== "one") return undefined;
      if (word.asns === null) return { at, mask: [...mask, any] };
      if (String(word.asns) !== String(last.asns)) return undefined;
      return { at, mask: [...mask.slice(0, -1), { ...last, repeats: true }] };
    case "text":
      if (at === "anywhere" || at === "first") return { at: "anywhere", mask };
      return at === "edge" || at === "behind" ? { at: "behind", mask } : undefined;
    case "end":
      if (at === "behind") return { at: "end", mask: [...mask, any] };
      if (at === "anywhere") return { at: "end", mask: [any] };
      return at === "next" || at === "end" ? undefined : { at: "end", mask };
  }
}
