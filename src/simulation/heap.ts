/** A priority queue: the smallest member by `isBefore` comes out first (a binary heap). */
export class Heap<T> {
  readonly #members: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  /** The first member, which stays; undefined if there is none. */
  get first(): T | undefined {
    return this.#members[0];
  }

  push(member: T): void {
    const members = this.#members;
    let hole = members.push(member) - 1;
    while (hole > 0) {
      const above = (hole - 1) >>> 1;
      const parent = members[above] as T;
      if (!this.#isBefore(member, parent)) break;
      members[hole] = parent;
      hole = above;
    }
    members[hole] = member;
  }

  /** Takes the first member out. */
  pop(): T | undefined {
    const members = this.#members;
    const first = members[0];
    const last = members.pop();
    if (last !== undefined && members.length > 0) this.#sink(last);
    return first;
  }

  /** Puts a member where the first one was, and then as far down as it belongs. */
  #sink(member: T): void {
    const members = this.#members;
    let hole = 0;
    for (let below = 1; below < members.length; below = 2 * hole + 1) {
      const right = below + 1;
      if (right < members.length && this.#isBefore(members[right] as T, members[below] as T)) below = right;
      const child = members[below] as T;
      if (!this.#isBefore(child, member)) break;
      members[hole] = child;
      hole = below;
    }
    members[hole] = member;
  }
}
