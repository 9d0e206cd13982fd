import fc from "fast-check";
import t from "tap";
import { sharedAsns } from "../../../src/bgp/wire/shared-asns.ts";

t.test("a list that was seen just before is the same object, if it is long", async (t) => {
  const list = () => Array.from({ length: 20 }, (_, index) => 64512 + index);
  const first = sharedAsns(list());
  t.equal(sharedAsns(list()), first);
  t.not(sharedAsns([...list(), 1]), first);
  const short = [1, 2, 3];
  t.equal(sharedAsns(short), short);
});

t.test("what comes back always says the same", async () => {
  const asns = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 12 });
  fc.assert(fc.property(asns, (list) => sharedAsns([...list]).join() === list.join()));
});
