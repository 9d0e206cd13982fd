import { readFileSync } from "node:fs";
import t from "tap";
import { generate } from "../../src/generate/generate.ts";

t.test("the file that docs/exchange.md shows is the one that is generated", async (t) => {
  const [, shown] =
    /```console\n\$ fe80 generate clos --spines 2 --leaves 4\n([^`]*)```/.exec(
      readFileSync("docs/exchange.md", "utf8"),
    ) ?? [];
  const options = { name: undefined, prefixes: 1, asnScheme: "rfc7938" } as const;
  t.equal(shown, generate({ type: "clos", spines: 2, leaves: 4 }, options));
});
