import fc from "fast-check";
import t from "tap";
import { formatAsPath } from "../../../src/bgp/wire/as-path.ts";
import { parseAsPath } from "../../../src/bgp/wire/as-path-text.ts";
import type { AsPathSegment } from "../../../src/bgp/wire/message.ts";

t.test("what is written of an AS path is read as it was", async (t) => {
  const asns = fc.array(fc.integer({ min: 1, max: 65534 }), { minLength: 1, maxLength: 4 });
  const type = fc.constantFrom<AsPathSegment["type"]>("set", "confedSequence", "confedSet");
  const path = fc
    .tuple(fc.array(fc.record({ type, asns }, { noNullPrototype: true }), { maxLength: 3 }), fc.option(asns))
    .map(([others, first]): AsPathSegment[] => [
      ...(first ? [{ type: "sequence" as const, asns: first }] : []),
      ...others,
    ]);
  fc.assert(fc.property(path, (segments) => t.strictSame(parseAsPath(formatAsPath(segments)), segments)));
});

t.test("what is no AS path is none", async (t) => {
  t.strictSame(parseAsPath(""), []);
  t.strictSame(parseAsPath(" 1  2 "), [{ type: "sequence", asns: [1, 2] }]);
  for (const text of ["x", "1 0", "{1", "1}", "{}", "65535", "4294967296", "1,x"]) {
    t.equal(parseAsPath(text), undefined, text);
  }
});
