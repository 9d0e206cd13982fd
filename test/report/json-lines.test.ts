import fc from "fast-check";
import t from "tap";
import { jsonLines } from "../../src/report/json-lines.ts";

t.test("it is what JSON.stringify makes of an object with fields", async () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 });
  fc.assert(
    fc.property(json, (value) => [...jsonLines(value)].join("\n") === JSON.stringify(value, undefined, 2)),
  );
});

t.test("an element of a list is a piece, and what is undefined is left out", async (t) => {
  t.strictSame(
    [...jsonLines({ name: "ring", none: undefined, routes: [{ id: 1 }, 2], problems: [] })],
    [
      "{",
      '  "name": "ring",',
      '  "routes": [',
      '    {\n      "id": 1\n    },',
      "    2",
      "  ],",
      '  "problems": []',
      "}",
    ],
  );
});
