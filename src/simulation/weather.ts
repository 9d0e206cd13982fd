import type { Clock } from "../std/clock.ts";
import type { Random } from "../std/random.ts";
import type { Carried, Conditions } from "./conditions.ts";
import { type FaultCounts, type FaultType, faultTypes, noFaults } from "./faults.ts";

/** When bad weather ends, at the earliest and at the latest. */
const SHORTEST_MS = 500;
const LONGEST_MS = 15_000;

/** Usual delays, of which each run has one: from a quiet machine to one that swaps. */
const delaysMs = [0.2, 2, 20, 200] as const;
/** Once in a while something takes much longer than usual. */
const OUTLIER_CHANCE = 0.02;
const OUTLIER_FACTOR = 20;
const LONGEST_DELAY_MS = 2_000;

/** In good weather everything arrives, but still in no certain order. */
const CALM_DELAY_MS = 2;

/** How old a late discovery packet gets. */
const LATE_MS = { least: 500, most: 6_000 } as const;

/**
 * Bad weather until a certain moment, good weather from then on.
 *
 * Each run has only some types of fault, and those often or seldom: many faults at once would hide what a few do.
 */
export class Weather implements Conditions {
  readonly untilMs: number;
  /** What has been done so far. */
  readonly faults: FaultCounts = noFaults();
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #probability: Readonly<Record<FaultType, number>>;
  readonly #delayMs: number;

  constructor(random: Random, clock: Clock) {
    this.#random = random;
    this.#clock = clock;
    this.untilMs = random.between(SHORTEST_MS, LONGEST_MS);
    this.#delayMs = random.pick(delaysMs);
    const probability = () => (random.chance(0.5) ? random.between(0.05, 0.7) : 0);
    this.#probability = Object.fromEntries(faultTypes.map((type) => [type, probability()])) as Record<
      FaultType,
      number
    >;
  }

  get bad(): boolean {
    return this.#clock.now() < this.untilMs;
  }

  /** Decides whether a fault happens now, and counts it. */
  strikes(type: FaultType): boolean {
    const probability = this.#probability[type];
    if (probability === 0 || !this.bad || !this.#random.chance(probability)) return false;
    this.faults[type]++;
    return true;
  }

  delayMs(carried: Carried): number {
    if (!this.bad) return this.#random.between(0, CALM_DELAY_MS);
    if (carried === "discovery" && this.strikes("lateDiscovery")) {
      return this.#random.between(LATE_MS.least, LATE_MS.most);
    }
    const usual = this.#random.between(0, 2 * this.#delayMs);
    return this.#random.chance(OUTLIER_CHANCE) ? Math.min(usual * OUTLIER_FACTOR, LONGEST_DELAY_MS) : usual;
  }

  losesDiscovery(): boolean {
    return this.strikes("lostDiscovery");
  }

  refusesDial(): boolean {
    return this.strikes("refusedDial");
  }
}
