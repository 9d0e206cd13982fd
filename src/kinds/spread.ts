/**
 * So many routers at least share a process. The first one loads while the command does (`runtime/netns/standby.ts`); one more takes
 * time from it to load and to compile the same code again, which pays from rings of a hundred routers on (`bench/`).
 */
const ROUTERS_A_PROCESS = 64;

/** Which routers of our own speaker share a process, by its name. Plain JSON. */
export type Spread = Readonly<Record<string, readonly string[]>>;

/** A router, and how much it has to do. */
export interface Load {
  readonly name: string;
  readonly sessions: number;
  /** It cannot share a process. */
  readonly isAlone: boolean;
}

/** How routers are spread over processes. */
export interface Spreading {
  /** Over how many, at most; isolated, each has its own. */
  readonly processes: number | "isolated";
  /** Where they are already; nowhere if not there. */
  readonly spread?: Spread;
}

/**
 * Deals routers out to processes: each stays where it is, unless it shares and must not; the others get new processes, in contiguous
 * slices, as long as there may be more, or join the smallest ones.
 */
export function spreadRouters(routers: readonly Load[], { processes, spread = {} }: Spreading): Spread {
  const names = new Set(routers.map(({ name }) => name));
  const isolated = processes === "isolated";
  const lonely = new Set(routers.filter(({ isAlone }) => isolated || isAlone).map(({ name }) => name));
  const isLonely = (name: string) => lonely.has(name);
  const kept = Object.entries(spread)
    .map(([process, members]) => [process, members.filter((name) => names.has(name))] as const)
    .filter(([, members]) => members.length === 1 || (members.length > 1 && !members.some(isLonely)));
  const placed = new Set(kept.flatMap(([, members]) => members));
  const rest = routers.filter(({ name }) => !placed.has(name));
  const shared = new Map(kept.filter(([, members]) => !members.some(isLonely)));
  const size = routers.length - lonely.size;
  const most = isolated ? 0 : Math.min(processes, Math.ceil(size / ROUTERS_A_PROCESS));
  const sharing = rest.filter(({ name }) => !isLonely(name));
  const count = Math.min(sharing.length, Math.max(0, most - shared.size));
  if (count === 0) for (const { name } of sharing) join(shared, name);
  const parts = [
    ...(count === 0 ? [] : partsOf(sharing, count)),
    ...rest.filter(({ name }) => isLonely(name)).map((router) => [router]),
  ];
  const fresh = freeNames(new Set(Object.keys(spread)), parts.length);
  return Object.fromEntries([
    ...kept.map(([process, members]) => [process, shared.get(process) ?? members] as const),
    ...parts.map((part, index) => [fresh[index], part.map(({ name }) => name)] as const),
  ]);
}

/** The process with the fewest members gets one more. */
function join(kept: Map<string, string[]>, name: string): void {
  const [process, members] = [...kept].reduce((a, b) => (b[1].length < a[1].length ? b : a));
  kept.set(process, [...members, name]);
}

function freeNames(taken: ReadonlySet<string>, count: number): string[] {
  const names: string[] = [];
  for (let number = 1; names.length < count; number++) {
    const name = `speaker-${number}`;
    if (!taken.has(name)) names.push(name);
  }
  return names;
}

/** At most `count` contiguous parts that have about as much to do: neighbors mostly share a process. */
function partsOf(routers: readonly Load[], count: number): (readonly Load[])[] {
  if (count === routers.length) return routers.map((router) => [router]);
  const loads: number[] = [0];
  for (const { sessions } of routers) loads.push((loads.at(-1) ?? 0) + 1 + sessions);
  const cuts = Array.from({ length: count + 1 }, (_, part) =>
    nearest(loads, (part * (loads.at(-1) ?? 0)) / count),
  );
  return cuts
    .slice(1)
    .map((cut, index) => routers.slice(cuts[index], cut))
    .filter((part) => part.length > 0);
}

/** The place of the number of an ascending list that is nearest to another one. */
function nearest(list: readonly number[], target: number): number {
  const after = list.findIndex((number) => number >= target);
  const [below = Number.NEGATIVE_INFINITY, above = Number.POSITIVE_INFINITY] = [list[after - 1], list[after]];
  return target - below <= above - target ? after - 1 : after;
}
