/** An order in which routers hear of each other's routes. */
export interface Order {
  /** In which some of them are told. */
  among(routers: readonly number[]): readonly number[];
  /** Which of those that have heard something decides next. @param waiting at least one, those that heard first in front */
  next(waiting: ReadonlySet<number>): number;
}

/** Labs up to this size are tried in random orders, too. */
const smallLab = 100;
const randomOrders = 6;

/** First come, first served; the same from the other end of the file; in small labs some orders by chance, the same each time. */
export function ordersFor(routers: number): Order[] {
  const forward: Order = { among: (some) => some, next: first };
  const backward: Order = { among: (some) => some.toReversed(), next: first };
  const random = routers > smallLab ? 0 : randomOrders;
  return [forward, backward, ...Array.from({ length: random }, (_, seed) => byChance(seed + 1))];
}

function byChance(seed: number): Order {
  let state = seed;
  const below = (limit: number) => {
    // Numerical Recipes' generator; its high bits are good enough to shuffle with.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return {
    among: (some) => some,
    next: (waiting) => [...waiting][below(waiting.size)] ?? first(waiting),
  };
}

function first(waiting: ReadonlySet<number>): number {
  for (const router of waiting) return router;
  throw new RangeError("nobody waits");
}
