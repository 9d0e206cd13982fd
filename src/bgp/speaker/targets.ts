import type { BestChange, Via } from "../rib/route.ts";
import type { ForwardingTarget } from "./host.ts";

/** Numbers of what is not for the kernel: no route, and a prefix that the router originates itself. */
export const NOWHERE = 0;
export const LOCAL = 1;

/** Numbers for the places that packets go to; few, whatever number of prefixes go there. Those from 2 on are for the kernel. */
export class Targets {
  readonly #ifindexOf: (ifname: string) => number | undefined;
  readonly #targets: ForwardingTarget[] = [[], []];
  readonly #byKey = new Map<string, number>();
  #byVia = new WeakMap<readonly Via[], number>();

  constructor(ifindexOf: (ifname: string) => number | undefined) {
    this.#ifindexOf = ifindexOf;
  }

  get(number: number): ForwardingTarget {
    return this.#targets[number] ?? [];
  }

  /** Where a change leads. A next hop over an interface that is not there leads nowhere. */
  numberOf({ type, via }: BestChange): number {
    switch (type) {
      case "none":
        return NOWHERE;
      case "local":
        return LOCAL;
      case "blackhole":
        return this.#number("blackhole");
      default:
        return this.#byVia.get(via) ?? this.#resolve(via);
    }
  }

  /** All that lead over an interface. */
  over(ifindex: number): ReadonlySet<number> {
    const found = [...this.#targets.entries()].filter(
      ([, target]) => target !== "blackhole" && target.some((hop) => hop.ifindex === ifindex),
    );
    return new Set(found.map(([number]) => number));
  }

  /** Interfaces have other numbers now. */
  forgetInterfaces(): void {
    this.#byVia = new WeakMap();
  }

  #resolve(via: readonly Via[]): number {
    const hops = via.flatMap(({ ifname, address }) => {
      const ifindex = this.#ifindexOf(ifname);
      return ifindex === undefined ? [] : [{ ifindex, address }];
    });
    const number = hops.length === 0 ? NOWHERE : this.#number(hops);
    this.#byVia.set(via, number);
    return number;
  }

  #number(target: ForwardingTarget): number {
    const key = targetKey(target);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.#byKey.set(key, this.#targets.length);
    return this.#targets.push(target) - 1;
  }
}

/** The same text for the same next hops, in whatever order. */
export function targetKey(target: ForwardingTarget): string {
  if (target === "blackhole") return target;
  return target
    .map(({ ifindex, address }) => `${address}%${ifindex}`)
    .sort()
    .join();
}
