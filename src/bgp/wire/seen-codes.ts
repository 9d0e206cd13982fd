/** Which codes have come: a bit each for those in use, and a list for the others. */
export class SeenCodes {
  #low = 0;
  #high = 0;
  #others: number[] | undefined;

  /** @returns false if the code has come before */
  add(code: number): boolean {
    const bit = 1 << (code & 31);
    if (code < 32) {
      if (this.#low & bit) return false;
      this.#low |= bit;
      return true;
    }
    if (code < 64) {
      if (this.#high & bit) return false;
      this.#high |= bit;
      return true;
    }
    this.#others ??= [];
    if (this.#others.includes(code)) return false;
    this.#others.push(code);
    return true;
  }
}
