/**
 * So many routers at least share a process: until its sessions keep it busy, starting a process costs more than it gives
 * (`bench/`).
 */
const ROUTERS_A_PROCESS = 16;

/** Which routers of our own speaker share a process, by its name. Plain JSON. */
export type Spread = Readonly<Record<string, readonly string[]>>;

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
export function spreadRouters(routers: readonly string[], { processes, spread = {} }: Spreading): Spread {
  const names = new Set(routers);
  const isolated = processes === "isolated";
  const kept = new Map(
    Object.entries(spread)
      .map(([process, members]) => [process, members.filter((name) => names.has(name))] as const)
      .filter(([, members]) => members.length > 0 && !(isolated && members.length > 1)),
  );
  const placed = new Set([...kept.values()].flat());
  const rest = routers.filter((name) => !placed.has(name));
  const most = isolated ? routers.length : Math.min(processes, Math.ceil(routers.length / ROUTERS_A_PROCESS));
  const count = Math.min(rest.length, Math.max(0, most - kept.size));
  if (count === 0) {
    for (const name of rest) join(kept, name);
    return Object.fromEntries(kept);
  }
  const fresh = freeNames(new Set([...kept.keys(), ...Object.keys(spread)]), count);
  const slices = fresh.map((process, index) => [process, slice(rest, { index, count })] as const);
  return Object.fromEntries([...kept, ...slices]);
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

/** One of `count` contiguous parts, whose sizes differ by at most one. */
function slice<T>(items: readonly T[], { index, count }: { index: number; count: number }): readonly T[] {
  const cut = (part: number) => Math.floor((part * items.length) / count);
  return items.slice(cut(index), cut(index + 1));
}
