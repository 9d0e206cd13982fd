import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import t from "tap";
import { TopologyError } from "../../src/topology/diagnostic.ts";
import { topologyOf } from "./parsing.ts";

const directory = new URL("../../topologies/", import.meta.url);
const shipped = readdirSync(directory).map((file) => readFileSync(new URL(file, directory), "utf8"));

/** Whether a text gives a topology or its mistakes, within two seconds; anything else that is thrown is a bug. */
function isJudged(text: string): boolean {
  const start = performance.now();
  try {
    topologyOf(text);
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error;
    if (error.diagnostics.length === 0) throw new Error("an error without a mistake", { cause: error });
    for (const { line, column } of error.diagnostics) if (line < 1 || column < 1) return false;
  }
  return performance.now() - start < 2000;
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
