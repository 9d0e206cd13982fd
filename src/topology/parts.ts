/** The parts that a graph falls into, each with its members in order; parts in the order of their first members. */
export function partsOf(
  members: readonly string[],
  pairs: Iterable<readonly [string, string]>,
): readonly (readonly string[])[] {
  const leaders = new Map(members.map((name) => [name, name]));
  const leaderOf = (name: string): string => {
    let leader = name;
    for (let next = leaders.get(leader); next !== undefined && next !== leader; next = leaders.get(leader)) {
      leader = next;
    }
    for (let at = name; at !== leader; ) {
      const next = leaders.get(at) ?? leader;
      leaders.set(at, leader);
      at = next;
    }
    return leader;
  };
  for (const [a, b] of pairs) leaders.set(leaderOf(a), leaderOf(b));
  return [...Map.groupBy(members, leaderOf).values()];
}
