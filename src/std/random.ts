/**
 * Pseudo-random numbers: the same seed always gives the same ones, on every machine.
 *
 * The generator is xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), its state
 * filled from the seed by splitmix32, so that seeds 1, 2, 3, … have nothing in common.
 */
export class Random {
  readonly #state: Uint32Array;

  /** @param seed an integer; its lowest 32 bits count */
  constructor(seed: number) {
    let sum = seed >>> 0;
    this.#state = Uint32Array.from({ length: 4 }, () => {
      sum = (sum + 0x9e37_79b9) >>> 0;
      return splitmix(sum);
    });
  }

  /** An integer of 32 bits, unsigned. */
  next(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    state[0] = a ^ d ^ b;
    state[1] = b ^ c ^ a;
    state[2] = c ^ a ^ (b << 9);
    state[3] = rotate(d ^ b, 11);
    return result;
  }

  /** At least 0 and below 1. */
  fraction(): number {
    return this.next() / 2 ** 32;
  }

  /** A number from `least` up to, but without, `most`. */
  between(least: number, most: number): number {
    return least + this.fraction() * (most - least);
  }

  /** An integer at least 0 and below `limit`. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** @throws {RangeError} if there is nothing to choose from */
  pick<T>(choices: readonly T[]): T {
    const index = this.below(choices.length);
    if (index >= choices.length) throw new RangeError("there is nothing to choose from");
    return choices[index] as T;
  }
}

function splitmix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x21f0_aaad);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x735a_2d97);
  return mixed ^ (mixed >>> 15);
}

const rotate = (value: number, by: number) => (value << by) | (value >>> (32 - by));
