import * as v from "valibot";
import { Random } from "../../src/std/random.ts";
import { limitsOf, type RuleUse } from "../../src/topology/kind-policies.ts";
import { rulesText } from "../../src/topology/policy-text.ts";
import type { KindName } from "../../src/topology/topology.ts";

/** A part of a rule, by the keys that are written. */
export type Part = Record<string, unknown>;

interface DrawnRule {
  readonly match: Part;
  readonly set: Part;
  readonly action: "accept" | "reject" | "next";
}

/** Where a policy is at work, and the program that does the work. */
type Use = RuleUse & { readonly kind: KindName };

/** The linter takes an object with a key of that name for a promise. */
const decision = "then";

/** A rule as it is written. */
export interface PolicyRule extends Pick<DrawnRule, "match" | "set"> {
  readonly [decision]: DrawnRule["action"];
}

const written = ({ action, ...rule }: DrawnRule): PolicyRule => ({ ...rule, [decision]: action });

/** Few of each, so that much of it meets. */
const communities = ["1:1", "1:2", "1:3", "65000:4"];
const large = ["1:1:1", "1:1:2", "4200000000:1:2"];
const extended = ["rt:1:1", "soo:10.0.0.1:7", "rt:70000:3", "0306000000000001"];
const paths = [
  ...["^$", "^64601_", "_64701$", "_64602_", "_(64602|64701)$", "^64601(_64601)*$", "^[0-9]+$"],
  ...["^64601(_64601)*_64701$", "^(64601|64602)(_(64601|64602))+_", "^[0-9]+_[0-9]+(_[0-9]+)+$"],
  ...["^64602_|_64701$", "6470[0-9]", "^(6460[12]){1,2}(_64601){2}"],
];
const ranges = [
  ...["10.1.0.0/16 le 24", "10.0.0.0/8 ge 24 le 25", "10.2.0.0/15 le 32", "10.1.3.0/24", "0.0.0.0/0 le 32"],
  ...["2001:db8::/32 le 48", "2001:db8:100::/40 ge 48", "2001:db8:201::/48", "2001:db8::/32 ge 49 le 64"],
];

/** Draws rules as a person may write them. */
export class RuleDraw {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** Six rules or fewer, of which a program can do everything; mostly all is accepted that is left. */
  policy(use: Use): PolicyRule[] {
    const { chance, pick } = this.#bound;
    const drawn = Array.from({ length: 6 }, (): DrawnRule => {
      const action = pick(["accept", "next", "next", "next", "reject"] as const);
      return { match: this.#match(), set: this.changes(0.25), action };
    });
    const able = drawn.map((rule) => ableOf(rule, use));
    // What is for all routes would leave nothing to those behind it.
    const rules = able.map((rule) =>
      Object.keys(rule.match).length === 0 ? { ...rule, action: "next" as const } : rule,
    );
    const last: DrawnRule = { match: {}, set: this.changes(0.2), action: "accept" };
    return (chance(0.9) ? [...rules, ableOf(last, use)] : rules).map(written);
  }

  /** @param often how likely each of them is */
  changes(often: number): Part {
    const { chance, pick, below } = this.#bound;
    const list = (items: readonly string[]) => ({
      ...(chance(0.2) && { set: this.#some(items) }),
      ...(chance(0.5) && { delete: this.#some(items) }),
      ...(chance(0.7) && { add: this.#some(items) }),
    });
    return this.#maybe(often, {
      "local-pref": () => pick([null, 50, 100, 150, 200]),
      med: () => pick([null, 0, 10, 20]),
      origin: () => pick(["igp", "egp", "incomplete"]),
      prepend: () => 1 + below(3),
      community: () => list(communities),
      "large-community": () => list(large),
      "ext-community": () => list(extended),
    });
  }

  #match(): Part {
    const { chance, pick } = this.#bound;
    const number = (values: readonly number[]) => {
      const [low, high] = [pick(values), pick(values)].sort((a, b) => a - b);
      return chance(0.5) ? low : `${low}-${high}`;
    };
    return this.#maybe(0.17, {
      prefix: () => this.#some(ranges),
      "as-path": () => pick(paths),
      community: () => this.#some(communities),
      "large-community": () => this.#some(large),
      "ext-community": () => this.#some(extended),
      "next-hop": () => [pick(["fe80::/10", "fe80::1/128", "fe80::2/127"])],
      peer: () => [pick<string | number>(["eth0", "eth1", 64601, 64602, 65000])],
      origin: () => pick(["igp", "egp", "incomplete"]),
      med: () => number([0, 5, 10, 20, 30]),
      "local-pref": () => number([50, 100, 150, 200, 300]),
    });
  }

  get #bound() {
    const random = this.#random;
    return {
      chance: (probability: number) => random.chance(probability),
      pick: <Item>(items: readonly Item[]) => random.pick(items),
      below: (limit: number) => random.below(limit),
    };
  }

  #some<Item>(items: readonly Item[]): Item[] {
    const { chance, pick } = this.#bound;
    return [...new Set([pick(items), ...items.filter(() => chance(0.25))])];
  }

  #maybe(often: number, values: Readonly<Record<string, () => unknown>>): Part {
    const chosen = Object.entries(values).filter(() => this.#random.chance(often));
    return Object.fromEntries(chosen.map(([key, value]) => [key, value()]));
  }
}

/** The rule without what a program cannot do. */
function ableOf(rule: DrawnRule, use: Use): DrawnRule {
  const [read] = v.parse(rulesText, [written(rule)]);
  const limits = read ? limitsOf(read, use) : [];
  if (limits.length === 0) return rule;
  const parts = { match: { ...rule.match }, set: { ...rule.set } };
  for (const { path } of limits) delete parts[path[0]][path[1]];
  return ableOf({ ...rule, ...parts }, use);
}
