import type { Graph } from "./graph.ts";

/** An order in which routers hear of each other's routes. */
export interface Order {
  /** In which those are told that one router tells. */
  among<Told>(some: readonly Told[]): readonly Told[];
  /** In which routes get path identifiers where a peer is told several, which decide between equals (RFC 7911). */
  identify<Told>(some: readonly Told[]): readonly Told[];
  /** Whose turn it is of those that have heard something, as a place among them. @param waiting at least one, those that heard first in front */
  next(waiting: readonly number[]): number;
}

/** First come, first served. */
export const inFileOrder: Order = { among: (some) => some, identify: (some) => some, next: () => 0 };

/** Labs up to this size are tried in more orders. */
const smallLab = 100;
const randomOrders = 10;

/**
 * First come, first served, and the same from the other end of the file; in small labs also last come, first served, the first or
 * the last router of the file before all others, and some orders by chance, the same each time. Where peers are told several
 * routes, each order is there with either order of path identifiers.
 */
export function ordersFor(graph: Graph): readonly Order[] {
  const backward: Order = { ...inFileOrder, among: (some) => some.toReversed() };
  const orders = [inFileOrder, backward];
  if (graph.length <= smallLab) {
    orders.push(
      { ...inFileOrder, next: (waiting) => waiting.length - 1 },
      { ...inFileOrder, next: (waiting) => waiting.indexOf(Math.min(...waiting)) },
      { ...inFileOrder, next: (waiting) => waiting.indexOf(Math.max(...waiting)) },
      ...Array.from({ length: randomOrders }, (_, seed) => byChance(seed)),
    );
  }
  if (!graph.some(({ tellsAll }) => tellsAll)) return orders;
  return orders.flatMap((order) => [order, { ...order, identify: (some) => some.toReversed() }]);
}

function byChance(seed: number): Order {
  let state = seed;
  /** SplitMix32: good enough to shuffle with from any seed on. */
  const random = () => {
    state = (state + 0x9e37_79b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 16), 0x21f0_aaad);
    const again = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
    return ((again ^ (again >>> 15)) >>> 0) / 2 ** 32;
  };
  return {
    ...inFileOrder,
    next: (waiting) => Math.floor(random() * waiting.length),
  };
}
