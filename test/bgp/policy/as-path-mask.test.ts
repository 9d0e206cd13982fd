import fc from "fast-check";
import t from "tap";
import { type AsPathMask, asPathMasks } from "../../../src/bgp/policy/as-path-mask.ts";
import { compileAsPathPattern } from "../../../src/bgp/policy/as-path-pattern.ts";

/** A mask as BIRD writes it. */
function written(mask: AsPathMask): string {
  const steps = mask.map((step) => {
    if (step.type === "any") return "*";
    return `${step.asns?.join("|") ?? "?"}${step.repeats ? "+" : ""}`;
  });
  return steps.join(" ");
}

const masksOf = (pattern: string) => asPathMasks(pattern)?.map(written);

t.test("patterns of whole AS numbers are masks", async (t) => {
  for (const [pattern, ...masks] of [
    ["", "*"],
    [".*", "*"],
    ["^$", ""],
    ["^", "*"],
    ["^64513_", "64513 *"],
    ["_64514$", "* 64514"],
    ["_64514_", "* 64514 *"],
    ["^64513$", "64513"],
    ["^64513 64514$", "64513 64514"],
    ["^64513_64514_", "64513 64514 *"],
    ["^[0-9]+$", "?"],
    ["^[0-9]+_64514$", "? 64514"],
    ["_(64514|64513)$", "* 64513|64514"],
    ["^64513(_64513)*$", "64513+"],
    ["^64513(_64514)+_", "64513 64514+ *"],
    ["^64513(_[0-9]+)*$", "64513 *"],
    ["^64513(_[0-9]+)+$", "64513 ? *"],
    ["^64513_.*_64515$", "64513 ? * 64515"],
    ["^.*_64515$", "* 64515"],
    ["^64513_.*$", "64513 *"],
    ["^64513_|_64514$", "64513 *", "* 64514"],
    ["(^64513_|_64514$)", "64513 *", "* 64514"],
  ] as const) {
    t.strictSame(masksOf(pattern), masks, pattern);
  }
});

t.test("parts of AS numbers are none, nor what masks have no word for", async (t) => {
  for (const pattern of [
    "_",
    "64513",
    "_64513",
    "64513_",
    "^6451[0-9]$",
    "^64513.*$",
    "^64513(_64514)*$",
    "^(64513_)*$",
    "_{2}64513_",
    "^64513(_64513){0,3}$",
    "^0645_",
    "^99999999999_",
    "^64513(_(64514_64515|64516))$",
    "^64513,",
    "a",
  ]) {
    t.equal(masksOf(pattern), undefined, pattern);
  }
});

function holds([step, ...steps]: AsPathMask, path: readonly number[]): boolean {
  if (step === undefined) return path.length === 0;
  const [first, ...rest] = path;
  if (step.type === "any")
    return holds(steps, path) || (first !== undefined && holds([step, ...steps], rest));
  if (first === undefined || step.asns?.includes(first) === false) return false;
  return holds(steps, rest) || (step.repeats && holds([step, ...steps], rest));
}

const asn = fc.constantFrom(1, 2, 12, 21);
const piece = fc.oneof(
  { weight: 3, arbitrary: asn.map(String) },
  fc.constantFrom(
    "_",
    "_",
    "_",
    " ",
    "^",
    "$",
    ".*",
    "[0-9]+",
    "(1|12)",
    "(_1)*",
    "(_2)+",
    "(_[0-9]+)*",
    "( 12)+",
    "|",
  ),
);
const pattern = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(""));
const anchored = pattern.map((text) => `^${text}$`);

t.test("a mask holds for a path if, and only if, its pattern matches", async () => {
  let masked = 0;
  fc.assert(
    fc.property(
      fc.oneof(pattern, anchored),
      fc.array(fc.array(asn, { maxLength: 4 }), { minLength: 30, maxLength: 30 }),
      (text, paths) => {
        const masks = asPathMasks(text);
        if (masks === undefined) return;
        masked++;
        const matches = compileAsPathPattern(text);
        for (const asns of paths) {
          const expected = matches(asns.length === 0 ? [] : [{ type: "sequence", asns }]);
          const found = masks.some((mask) => holds(mask, asns));
          if (found !== expected)
            throw new Error(`${text} is ${JSON.stringify(masksOf(text))}, but not for ${asns}`);
        }
      },
    ),
    { numRuns: 5000 },
  );
  t.ok(masked > 500, `${masked} patterns had masks`);
});
