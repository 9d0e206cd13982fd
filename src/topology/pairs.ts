/** At least two of something. */
export type Several<Item> = readonly [Item, Item, ...Item[]];

/** Every two of some items, in order. */
export function pairsOf<Item>(items: readonly Item[]): (readonly [Item, Item])[] {
  return items.flatMap((one, index) => items.slice(index + 1).map((other) => [one, other] as const));
}

/** The same items if there are at least two of them. */
export function several<Item>(items: readonly Item[]): Several<Item> | undefined {
  const [first, second, ...more] = items;
  return first === undefined || second === undefined ? undefined : [first, second, ...more];
}
