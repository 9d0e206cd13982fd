import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import t from "tap";
import { TopologyError } from "../../src/topology/diagnostic.ts";
import { topologyOf, workedMs } from "./parsing.ts";

const directory = new URL("../../topologies/", import.meta.url);
const shipped = readdirSync(directory).map((file) => readFileSync(new URL(file, directory), "utf8"));

/** Whether a text gives a topology or its mistakes, within two seconds; anything else that is thrown is a bug. */
function isJudged(text: string): boolean {
  const start = workedMs();
  try {
    topologyOf(text);
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    if (error.diagnostics.length === 0) throw new Error("an error without a mistake", { cause: error });
    for (const { line, column } of error.diagnostics) if (line < 1 || column < 1) return false;
  }
  return workedMs() - start < 2000;
}

const snippet = fc.constantFrom(
  ..."[]{}:,-&*!|>'\"%@#?~\n\t ".split(""),
  "r1",
  "&a ",
  "*a",
  "<<: ",
  "--- ",
  "\n  ",
  "null",
  "-1",
  "1e999",
  "[[[[",
  "{{{{",
  "routers:",
  "links:",
  "timers: ",
  "__proto__: ",
  "r1:eth0 -- r2:eth0",
  '"r[1-9]": ',
  "r* -- r*",
  "65000 + n",
  '"10.0.{n}.0/24"',
  "kind: host",
  "include: [x]",
  "count: 9",
  "expect: none",
  `$\{A:-${"$"}{B}}`,
  "\u{1f600}",
  "\u{0}",
);

t.test("any text gives a topology or its mistakes, quickly", async () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), isJudged), { numRuns: 500 });
  const pieces = fc.array(snippet, { maxLength: 60 }).map((parts) => parts.join(""));
  fc.assert(fc.property(pieces, isJudged), { numRuns: 2000 });
});

t.test("a valid file with a stretch of it replaced gives a topology or its mistakes, quickly", async () => {
  const mutated = fc
    .record({
      text: fc.constantFrom(...shipped),
      at: fc.nat(),
      length: fc.nat({ max: 20 }),
      by: fc.array(snippet, { maxLength: 4 }),
    })
    .map(({ text, at, length, by }) => {
      const start = at % text.length;
      return text.slice(0, start) + by.join("") + text.slice(start + length);
    });
  fc.assert(fc.property(mutated, isJudged), { numRuns: 2000 });
});

t.test("any value in the place of another gives a topology or its mistakes", async () => {
  const value = fc.json({ maxDepth: 3 });
  const keys = ["name", "defaults", "routers", "links", "expect"];
  const file = fc
    .tuple(...keys.map(() => value))
    .map((values) => keys.map((key, index) => `${key}: ${values[index]}`).join("\n"));
  fc.assert(fc.property(file, isJudged), { numRuns: 1000 });
});

t.test(
  "a text that stands for very much is refused quickly, and neither fills the memory nor the stack",
  async (t) => {
    const lab = (text: string) => `name: lab\nrouters: ["r[1-5000]"]\n${text}`;
    const many = (count: number, line: (index: number) => string) =>
      Array.from({ length: count }, (_, index) => line(index)).join("\n");
    const texts: Record<string, string> = {
      "a huge range": "name: lab\nrouters: ['r[1-999999999]']",
      "ranges of ranges": `name: lab\nrouters: ['${"r[1-99]".repeat(500)}']`,
      "many ranges": `name: lab\nrouters:\n${many(5000, (index) => `  'x${index}r[1-9999]':`)}`,
      "a large body for many": `name: lab\nrouters: { 'r[1-9999]': { originate: ['${"10.0.{n}.0/24', '".repeat(2000)}'] } }`,
      meshes: lab(`links:\n${many(5000, () => "- r* -- r*")}`),
      "many patterns": lab(`links:\n${many(5000, (index) => `- r*${index} -- r1`)}`),
      "large groups": lab(`groups:\n${many(3000, (index) => `  g${index}: { routers: ['*'], med: 1 }`)}`),
      aliases: `a: &a [1]\n${many(20, (index) => `b${index}: &b${index} [*a, *a, *a, *a, *a, *a]`)}`,
      "deep lists": `name: ${"[".repeat(100_000)}`,
      "deep maps": `name: ${"{a: ".repeat(50_000)}`,
      "deep blocks": `${"- ".repeat(50_000)}`,
      "many errors": `name: ${"{n/0}".repeat(20_000)}`,
      "deep expressions": `name: lab\nrouters: { 'r[1-2]': { asn: '${"(".repeat(50_000)}n' } }`,
      "nested variables": `name: '${"${A:-".repeat(20_000)}${"}".repeat(20_000)}'\nrouters: [r1]`,
      "white space": lab(`links: ['${" ".repeat(200_000)}']`),
      "a long chain": lab(`links: ['${"r1 -- ".repeat(20_000)}r2']`),
    };
    for (const [name, text] of Object.entries(texts)) t.ok(isJudged(text), name);
  },
);
