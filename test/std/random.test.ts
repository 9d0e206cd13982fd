import t from "tap";
import { Random } from "../../src/std/random.ts";

const first = (seed: number, count: number) => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.next());
};

t.test("the same seed gives the same numbers, for ever", async (t) => {
  t.strictSame(first(1, 4), first(1, 4));
  t.strictSame(
    first(1, 3),
    [393288148, 2174103013, 3814759091],
    "a seed in an old report still means the same run",
  );
  t.notSame(first(1, 4), first(2, 4));
});

t.test("numbers are spread evenly over their range", async (t) => {
  const random = new Random(7);
  const counts = Array.from({ length: 10 }, () => 0);
  for (let draw = 0; draw < 10_000; draw++) {
    const number = random.below(10);
    counts[number] = (counts[number] ?? 0) + 1;
  }
  t.equal(counts.length, 10, "none is outside");
  for (const count of counts) t.ok(count > 850 && count < 1150, `${count} of 10000`);
});

t.test("choices keep to their bounds", async (t) => {
  const random = new Random(3);
  const numbers = Array.from({ length: 1000 }, () => random.between(2, 3));
  t.ok(numbers.every((number) => number >= 2 && number < 3));
  const picked = new Set(Array.from({ length: 100 }, () => random.pick(["a", "b", "c"])));
  t.strictSame([...picked].sort(), ["a", "b", "c"]);
  t.throws(() => random.pick([]), new RangeError("there is nothing to choose from"));
  t.notOk(random.chance(0));
  t.ok(random.chance(1));
});
