import { type Placed, RoutesTooManyError } from "./errors.ts";

/** So often a router may look at what a peer tells, for all prefixes together: two to four seconds of work. */
const maxLooks = 10_000_000;

/** What it takes to work out where prefixes go: preferences and policies can make that endless for a small file. */
export class Effort {
  readonly #topology: Placed;
  #left = maxLooks;

  /** @param topology says which part of it takes the most */
  constructor(topology: Placed = { routers: [], links: [], places: new Map() }) {
    this.#topology = topology;
  }

  /** @throws {RoutesTooManyError} if that is more than is left */
  spend(looks: number): void {
    this.#left -= looks;
    if (this.#left < 0) throw new RoutesTooManyError(this.#topology);
  }
}
