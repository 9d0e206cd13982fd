import fc from "fast-check";
import t from "tap";
import { Heap } from "../../src/simulation/heap.ts";

t.test("members come out in order, however pushes and pops alternate", async (t) => {
  const operations = fc.array(fc.oneof(fc.integer(), fc.constant("pop" as const)));
  fc.assert(
    fc.property(operations, (list) => {
      const heap = new Heap<number>((a, b) => a < b);
      let model: number[] = [];
      for (const operation of list) {
        if (operation !== "pop") {
          heap.push(operation);
          model = [...model, operation].sort((a, b) => a - b);
          continue;
        }
        const expected = model.shift();
        if (heap.first !== expected || heap.pop() !== expected) return false;
      }
      return heap.first === model[0];
    }),
  );
  t.pass("as a sorted list does");
});
