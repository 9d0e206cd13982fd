import fc from "fast-check";
import t from "tap";
import { asPathProblem, compileAsPathPattern } from "../../../src/bgp/policy/as-path-pattern.ts";
import { formatAsPath } from "../../../src/bgp/wire/as-path.ts";
import type { AsPathSegment } from "../../../src/bgp/wire/message.ts";

const sequence = (...asns: number[]): AsPathSegment[] =>
  asns.length === 0 ? [] : [{ type: "sequence", asns }];

t.test("a pattern matches somewhere in an AS path, as in FRR", (t) => {
  const cases: [pattern: string, path: AsPathSegment[], matches: boolean][] = [
    ["", sequence(), true],
    ["^$", sequence(), true],
    ["^$", sequence(1), false],
    ["^64512_", sequence(64512, 1), true],
    ["^64512_", sequence(64512), true],
    ["^64512_", sequence(645123), false],
    ["_64512_", sequence(1, 64512, 2), true],
    ["_64512_", sequence(164512), false],
    ["_64512$", sequence(1, 64512), true],
    ["_64512$", sequence(64512, 1), false],
    ["_1_2_", sequence(3, 1, 2), true],
    ["_1_2_", sequence(1, 3, 2), false],
    ["^[0-9]+$", sequence(7), true],
    ["^[0-9]+$", sequence(7, 8), false],
    ["^[0-9]+( [0-9]+){1,2}$", sequence(7, 8, 9), true],
    ["^[0-9]+( [0-9]+){1,2}$", sequence(7, 8, 9, 10), false],
    ["^([0-9]+ ){2}", sequence(7, 8, 9), true],
    ["^([0-9]+ ){2,}9", sequence(7, 8, 9), true],
    ["^(64513|64514)_", sequence(64514, 1), true],
    ["^(64513|64514)_", sequence(64515, 64514), false],
    ["^(|1)$", sequence(), true],
    ["^1?2*3+$", sequence(1223), true],
    ["^1?2*3+$", sequence(122), false],
    ["^[^ ]+$", sequence(1, 2), false],
    ["^.$", sequence(1), true],
    ["_3_", [...sequence(1), { type: "set", asns: [2, 3] }], true],
    ["\\{2,3\\}$", [...sequence(1), { type: "set", asns: [2, 3] }], true],
    ["^[]{]", [{ type: "set", asns: [2, 3] }], true],
    ["_65001_", [{ type: "confedSequence", asns: [65000, 65001] }], true],
    ["_65001_", [{ type: "confedSet", asns: [65000, 65001] }], true],
    ["1^2", sequence(12), false],
    ["1$2", sequence(12), false],
  ];
  for (const [pattern, path, matches] of cases) {
    t.equal(compileAsPathPattern(pattern)(path), matches, `${pattern} on "${formatAsPath(path)}"`);
  }
  t.end();
});

t.test("what is no pattern is told, with its place", (t) => {
  const cases: [text: string, problem: string][] = [
    ["^(64512", "a ) is missing (at its character 7)"],
    ["64512)", "nothing opens this ) (at its character 6)"],
    ["[0-9", "a ] is missing (at its character 4)"],
    ["[", "a ] is missing (at its character 1)"],
    ["[9-0]", "9-0 is no range of digits (at its character 3)"],
    ["[ -9]", " -9 is no range of digits (at its character 3)"],
    ["*1", "there is nothing before this * to repeat (at its character 1)"],
    ["1{3,2}", "write how often as {2} or {1,3}, up to 100, or \\{ for a brace (at its character 2)"],
    ["1{101}", "write how often as {2} or {1,3}, up to 100, or \\{ for a brace (at its character 2)"],
    ["AS64512", 'no AS path has a "A" (at its character 1)'],
    ["1\\", "it ends too early (at its character 2)"],
    ["((1{100}){100}){100}", "it repeats too much"],
    ["1".repeat(1001), "it is longer than 1000 characters"],
  ];
  for (const [text, problem] of cases) {
    t.equal(asPathProblem(text), problem, text);
    t.throws(() => compileAsPathPattern(text), RangeError, text);
  }
  t.equal(asPathProblem("^64512_"), undefined);
  t.end();
});

t.test("a pattern that makes others go astray takes no time, and no memory that grows", (t) => {
  const path = sequence(...Array.from({ length: 16_000 }, (_, index) => 1 + (index % 3)));
  t.equal(compileAsPathPattern("^(([0-9]+)* ?)*,$")(path), false);
  // Needs more states than are kept.
  const far = compileAsPathPattern("1.{12}3$");
  const last = sequence(...Array.from({ length: 16_000 }, (_, index) => ((index * index) % 7) + 1));
  t.equal(far(last), /1.{12}3$/.test(formatAsPath(last)));
  t.end();
});

const asn = fc.integer({ min: 1, max: 123 });
const segment = fc.record({
  type: fc.constantFrom("sequence", "set", "confedSequence", "confedSet"),
  asns: fc.array(asn, { minLength: 1, maxLength: 3 }),
}) satisfies fc.Arbitrary<AsPathSegment>;

const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
  pattern: fc.array(tie("piece"), { maxLength: 4 }).map((pieces) => pieces.join("")),
  piece: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("1", "2", "3", " ", "_", "^", "$", ".", "[12]", "[^12]", "[0-9]", "\\{", "\\)", ","),
    fc
      .tuple(tie("pattern"), fc.constantFrom("", "*", "+", "?", "{2}", "{1,2}", "{1,}"))
      .map(([inner, times]) => `(${inner})${times}`),
    fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => `(${a}|${b})`),
  ),
}));

t.test("it finds what JavaScript's regular expressions find", (t) => {
  fc.assert(
    fc.property(pattern, fc.array(segment, { maxLength: 3 }), (text, path) => {
      const same = new RegExp(text.replaceAll("_", "(?:^|[ ,{}()[\\]]|$)"));
      t.equal(asPathProblem(text), undefined, text);
      return compileAsPathPattern(text)(path) === same.test(formatAsPath(path));
    }),
    { numRuns: 2000 },
  );
  t.end();
});
