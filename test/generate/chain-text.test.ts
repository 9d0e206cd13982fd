import fc from "fast-check";
import t from "tap";
import { chains, fans } from "../../src/generate/chain-text.ts";

t.test("a long chain goes on in the next line with the router that ended the last one", async () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 300 }), (count) => {
      const names = Array.from({ length: count }, (_, index) => `r${index + 1}`);
      const lines = chains(names).map((line) => line.split(" -- "));
      const joined = lines.flatMap((line, index) => (index === 0 ? line : line.slice(1)));
      const meets = lines.every((line, index) => index === 0 || line[0] === lines[index - 1]?.at(-1));
      return joined.join() === names.join() && meets && chains(names).every((line) => line.length <= 96);
    }),
  );
  t.pass("for any length");
});

t.test("numbers in a row become a range, and many go on in the next line", async (t) => {
  t.strictSame(fans(1, [5]), ["r1 -- r5"]);
  t.strictSame(fans(1, [2, 3, 5, 6, 7, 9]), ["r1 -- r[2,3,5-7,9]"]);
  const even = Array.from({ length: 100 }, (_, index) => 2 * index + 1000);
  const lines = fans(1, even);
  t.ok(lines.length > 3);
  t.ok(lines.every((line) => line.length <= 96));
  t.strictSame(
    lines.flatMap((line) => (/\[(.*)\]/.exec(line)?.[1] ?? "").split(",").map(Number)),
    even,
  );
});
