import type { RouterAdvertisement } from "../../linux/router-advertisement.ts";
import type { Address } from "../../net/address.ts";
import type { Clock } from "../../std/clock.ts";
import { Timer } from "./timer.ts";

/** Who can be heard on an interface. */
export interface Neighborhood {
  /** Addresses of routers, those first that were heard first. The first one is dialed; the others wait until it is silent. */
  readonly heard: readonly Address[];
  /** Why nobody is heard, as far as it is known, e.g. `"fe80::9 was last heard at 2026-01-29T18:50:22.067Z"`. */
  readonly silence: string | undefined;
}

export const nobody: Neighborhood = { heard: [], silence: undefined };

/** A neighbor that has not been heard for so many of its intervals is forgotten. */
const MISSED_INTERVALS = 3;
/** MaxRtrAdvInterval's default, and the longest that it may be, in seconds (RFC 4861 §6.2.1, RFC 8319 §4). */
const DEFAULT_INTERVAL = 600;
const LONGEST_INTERVAL = 65_535;
/** However often a neighbor says that it advertises, timers are not to the millisecond. Seconds. */
const SHORTEST_MEMORY = 1;
/** A router that leaves says so up to three times, three seconds apart (MAX_FINAL_RTR_ADVERTISEMENTS, RFC 4861 §10). */
const LEAVING = 10;
/** Whoever invents routers on a link must not eat our memory, nor keep out the peers that sessions are told. */
const MOST_NEIGHBORS = 64;

interface Neighbor {
  readonly address: Address;
  readonly mac: string | undefined;
  readonly lifetime: number;
  readonly leaving: boolean;
  /** When it was last heard, for people. */
  readonly time: string;
  readonly memory: Timer;
}

/** The routers heard on one interface, in the order in which they came. */
export class Neighbors implements Disposable {
  readonly #clock: Clock;
  readonly #isPeer: (address: Address) => boolean;
  readonly #changed: () => void;
  #all: readonly Neighbor[] = [];
  #lost: string | undefined;

  /** @param isPeer whether a session is told that address @param changed told whenever `heard` or `lost` has changed */
  constructor(setup: { clock: Clock; isPeer: (address: Address) => boolean }, changed: () => void) {
    this.#clock = setup.clock;
    this.#isPeer = setup.isPeer;
    this.#changed = changed;
  }

  /** Addresses, the first heard first. */
  get heard(): readonly Address[] {
    return this.#all.filter(({ leaving }) => !leaving).map(({ address }) => address);
  }

  /** What became of the last one that went, or undefined. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** Takes note of a neighbor's advertisement. @returns whether it is a newcomer */
  hear(address: Address, advertisement: RouterAdvertisement): boolean {
    const known = this.#all.find((neighbor) => neighbor.address === address);
    // RFC 4861 §6.2.5: a router that was one and now has a lifetime of 0 leaves. One that never was is just like us.
    const leaving =
      advertisement.lifetime === 0 && known !== undefined && (known.leaving || known.lifetime > 0);
    if (known?.leaving && leaving) return false;
    // One router, another address: its old one has gone with its old interface.
    const before = known ?? this.#all.find(({ mac }) => mac !== undefined && mac === advertisement.sourceMac);
    if (before === undefined && this.#all.length >= MOST_NEIGHBORS && !this.#isPeer(address)) return false;
    this.#put(before, this.#neighbor(address, advertisement, leaving));
    return known === undefined;
  }

  [Symbol.dispose](): void {
    for (const { memory } of this.#all) memory.stop();
    this.#all = [];
  }

  #neighbor(address: Address, advertisement: RouterAdvertisement, leaving: boolean): Neighbor {
    const seconds = leaving ? LEAVING : memoryOf(advertisement);
    const memory = new Timer(this.#clock, seconds, () => this.#forget(address));
    memory.start(seconds);
    const { sourceMac: mac, lifetime } = advertisement;
    const time = new Date(this.#clock.wallTime()).toISOString();
    return { address, mac, lifetime, leaving, time, memory };
  }

  #put(before: Neighbor | undefined, now: Neighbor): void {
    before?.memory.stop();
    this.#all = before ? this.#all.map((other) => (other === before ? now : other)) : [...this.#all, now];
    if (now.leaving) this.#lost = `${now.address} said at ${now.time} that it leaves`;
    if (before?.address !== now.address || before.leaving !== now.leaving) this.#changed();
  }

  #forget(address: Address): void {
    const gone = this.#all.find((neighbor) => neighbor.address === address);
    this.#all = this.#all.filter((neighbor) => neighbor !== gone);
    if (!gone || gone.leaving) return;
    this.#lost = `${address} was last heard at ${gone.time}`;
    this.#changed();
  }
}

/** Seconds after which a silent neighbor is forgotten: by its own word, or else by RFC 4861's defaults. */
function memoryOf({ intervalMs, lifetime }: RouterAdvertisement): number {
  // AdvDefaultLifetime is three intervals (RFC 4861 §6.2.1).
  const byLifetime = lifetime > 0 ? lifetime / MISSED_INTERVALS : DEFAULT_INTERVAL;
  const interval = intervalMs === undefined ? byLifetime : Math.min(intervalMs / 1000, LONGEST_INTERVAL);
  return Math.max(MISSED_INTERVALS * interval, SHORTEST_MEMORY);
}
