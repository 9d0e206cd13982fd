import type { Prefix } from "../../net/prefix.ts";

/** Which best routes somebody wants to hear of, one by one; if not all, of the others as a digest. */
export type Interest = "all" | ReadonlySet<Prefix>;

/** Nothing but digests. */
export const digestsAlone: Interest = new Set<Prefix>();

/** What several want to hear of, each for itself. */
export interface Interests {
  /** What any of them wants one by one. */
  readonly routes: Interest;
  /** Whether anybody wants digests. */
  readonly digests: boolean;
}

/** All interests in one; undefined if there are none. */
export function together(interests: Iterable<Interest>): Interests | undefined {
  const all = [...interests];
  if (all.length === 0) return undefined;
  const some = all.filter((interest) => interest !== "all");
  const routes = some.length < all.length ? "all" : new Set(some.flatMap((prefixes) => [...prefixes]));
  return { routes, digests: some.length > 0 };
}

/** Whether somebody with that interest wants to hear of a prefix. */
export function concerns(interest: Interest, prefix: Prefix): boolean {
  return interest === "all" || interest.has(prefix);
}
