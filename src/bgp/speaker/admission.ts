/**
 * Counts open inbound connections by interface, so that a flood on one link takes no descriptors from the others.
 *
 * A session has two at most (RFC 4271 §6.8); the rest are those on their way out with a NOTIFICATION.
 */
export class Admission {
  readonly #most: () => number;
  readonly #open = new Map<number, number>();

  /** @param most connections of one interface at once, as of now */
  constructor(most: () => number) {
    this.#most = most;
  }

  /** Lets a connection in until the result is called, once; undefined if there are too many. */
  admit(ifindex: number): (() => void) | undefined {
    const open = this.#open.get(ifindex) ?? 0;
    if (open >= this.#most()) return undefined;
    this.#open.set(ifindex, open + 1);
    return () => this.#leave(ifindex);
  }

  #leave(ifindex: number): void {
    const open = this.#open.get(ifindex) ?? 0;
    if (open > 1) this.#open.set(ifindex, open - 1);
    else this.#open.delete(ifindex);
  }
}
