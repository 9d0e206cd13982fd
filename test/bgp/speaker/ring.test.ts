import fc from "fast-check";
import t from "tap";
import { Ring } from "../../../src/bgp/speaker/ring.ts";

t.test("a ring keeps the last ones, in order", async () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 5 }), (items, length) => {
      const ring = new Ring<number>(length);
      for (const item of items) ring.push(item);
      t.strictSame(ring.toArray(), items.slice(-length));
    }),
  );
});
