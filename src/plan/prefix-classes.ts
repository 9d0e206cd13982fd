import type { Policy } from "../bgp/policy/policy.ts";
import { compilePrefixRanges } from "../bgp/policy/prefix-ranges.ts";
import { type Prefix, prefixParts } from "../net/prefix.ts";

/** Tells prefixes apart that a policy may treat differently: by which of its rules they match. */
export class PrefixClasses {
  readonly #tests: readonly ReturnType<typeof compilePrefixRanges>[];
  readonly #known = new Map<string, number>();
  /** That of the prefix in question. */
  current = 0;

  constructor({ rules }: Policy) {
    this.#tests = rules.flatMap(({ match: { prefixes } }) =>
      prefixes ? [compilePrefixRanges(prefixes)] : [],
    );
  }

  /** How many tests it takes. */
  get size(): number {
    return this.#tests.length;
  }

  enter(prefix: Prefix): void {
    const { octets, length } = prefixParts(prefix);
    const matched = this.#tests.map((matches) => Number(matches(octets, length))).join("");
    const known = this.#known.get(matched) ?? this.#known.size;
    this.#known.set(matched, known);
    this.current = known;
  }
}
