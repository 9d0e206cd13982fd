import * as v from "valibot";
import { Random } from "../../src/std/random.ts";
import { type RuleUse, policyLimits } from "../../src/topology/kind-policies.ts";
import { rulesText } from "../../src/topology/policy-text.ts";
import type { KindName } from "../../src/topology/topology.ts";

/** A rule as it is written. */
export type RuleText = { match?: object; set?: object; then?: string };

const internal = "65000";
const communities = ["1:1", "1:2", "1:3", "65000:4"];
const large = ["1:1:1", "1:1:2", "4200000000:1:2"];
const extended = ["rt:1:1", "soo:10.0.0.1:7", "rt:70000:3", "0306000000000001"];
const paths = [
  "^$",
  "^64601_",
  "_64701$",
  "_64602_",
  "^64601(_64601)*$",
  "^64601(_64601)*_64701$",
  "_(64602|64701)$",
  "^(64601|64602)(_(64601|64602))+_",
  "^[0-9]+$",
  "^[0-9]+_[0-9]+(_[0-9]+)+$",
  "^64602_|_64701$",
  "6470[0-9]",
  "^(6460[12]){1,2}(_64601){2}",
];
const ranges = [
  "10.1.0.0/16 le 24",
  "10.0.0.0/8 ge 24 le 25",
  "10.2.0.0/15 le 32",
  "10.1.3.0/24",
  "0.0.0.0/0 le 32",
  "2001:db8::/32 le 48",
  "2001:db8:100::/40 ge 48",
  "2001:db8:201::/48",
  "2001:db8::/32 ge 49 le 64",
];

/** Draws rules as a person may write them, out of a seed. */
class RuleDraw {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** What may be set in one go. @param often how likely each is */
  changes(often: number): object {
    const random = this.#random;
    const list = (items: readonly string[]) => ({
      ...(random.chance(0.2) && { set: this.#some(items) }),
      ...(random.chance(0.5) && { delete: this.#some(items) }),
      ...(random.chance(0.7) && { add: this.#some(items) }),
    });
    return this.#maybe(often, {
      "local-pref": () => random.pick([null, 50, 100, 150, 200]),
      med: () => random.pick([null, 0, 10, 20]),
      origin: () => random.pick(["igp", "egp", "incomplete"]),
      prepend: () => 1 + random.below(3),
      community: () => list(communities),
      "large-community": () => list(large),
      "ext-community": () => list(extended),
    });
  }

  #match(): object {
    const random = this.#random;
    const number = (values: readonly number[]) => {
      const [low, high] = [random.pick(values), random.pick(values)].sort((a, b) => a - b);
      return random.chance(0.5) ? low : `${low}-${high}`;
    };
    return this.#maybe(0.17, {
      prefix: () => this.#some(ranges),
      "as-path": () => random.pick(paths),
      community: () => this.#some(communities),
      "large-community": () => this.#some(large),
      "ext-community": () => this.#some(extended),
      "next-hop": () => [random.pick(["fe80::/10", "fe80::1/128", "fe80::2/127"])],
      peer: () => [random.pick<string | number>(["eth0", "eth1", 64601, 64602, 65000])],
      origin: () => random.pick(["igp", "egp", "incomplete"]),
      med: () => number([0, 5, 10, 20, 30]),
      "local-pref": () => number([50, 100, 150, 200, 300]),
    });
  }

  /** Rules of which a kind can do everything. */
  rules(kind: KindName, use: RuleUse): readonly RuleText[] {
    const drawn = Array.from({ length: 6 }, (): RuleText => {
      const match = this.#match();
      const action = this.#random.pick(["accept", "next", "next", "next", "reject"]);
      // What is for all routes would leave nothing to those behind it.
      return { match, set: this.changes(0.25), then: Object.keys(match).length === 0 ? "next" : action };
    });
    const able = drawn.flatMap((rule) => this.#able(rule, { kind, use }));
    return this.#random.chance(0.9) ? [...able, { set: this.changes(0.2) }] .flatMap((rule) => this.#able(rule, { kind, use })) : able;
  }

  /** The rule without what a kind cannot do. */
  #able(text: RuleText, { kind, use }: { kind: KindName; use: RuleUse }): RuleText[] {
    const [rule] = v.parse(rulesText, [text]);
    if (!rule) return [];
    const parts: Record<"match" | "set", Record<string, unknown>> = {
      match: { ...text.match },
      set: { ...text.set },
    };
    const limits = policyLimits(kind, rule, use);
    for (const { path: [part, key] } of limits) delete parts[part][key];
    return limits.length === 0 ? [text] : this.#able({ ...text, ...parts }, { kind, use });
  }

  #some<Item>(items: readonly Item[]): Item[] {
    return [this.#random.pick(items), ...items.filter(() => this.#random.chance(0.25))];
  }

  #maybe(often: number, values: Readonly<Record<string, () => unknown>>): object {
    const chosen = Object.entries(values).filter(() => this.#random.chance(often));
    return Object.fromEntries(chosen.map(([key, value]) => [key, value()]));
  }
}

const sources = ["s1", "s2", "s3"] as const;
const sinks = ["k1", "k2", "k3"] as const;

/** Prefixes of a router, from a number of its own. */
const prefixesOf = (number: number) => [
  ...Array.from({ length: 12 }, (_, index) => `10.${number}.${index}.0/${24 + (index % 3)}`),
  ...Array.from({ length: 8 }, (_, index) => `2001:db8:${number}0${index}::/${48 + 8 * (index % 2)}`),
];

/**
 * A lab in which routers of some kinds, and our own speakers with the same policies, stand between the same sources and sinks:
 * what the sinks hear of both must be the same.
 */
export function policyLab(name: string, { seed, kinds }: { seed: number; kinds: readonly KindName[] }): string {
  const draw = new RuleDraw(seed);
  const told = (number: number): RuleText[] => [
    ...prefixesOf(number).map((prefix) => ({ match: { prefix: [prefix] }, set: draw.changes(0.5) })),
    { set: {} },
  ];
  const uses = kinds.flatMap((kind) => [
    ...sources.map((other) => ({ kind, other, direction: "import" as const })),
    ...sinks.map((other) => ({ kind, other, direction: "export" as const })),
  ]);
  const external = (other: string) => !other.endsWith("3");
  const policies = Object.fromEntries([
    ...sources.map((source, index) => [`from-${source}`, told(index + 1)]),
    ...uses.map(({ kind, other, direction }) => [
      `${kind}-${other}`,
      draw.rules(kind, { direction, external: external(other) }),
    ]),
  ]);
  const router = (body: object) => JSON.stringify(body);
  const sessions = (kind: KindName, dut: string) => uses.filter((use) => use.kind === kind).map(({ other, direction }) => {
    const policed = { [dut]: { [direction]: `${kind}-${other}` } };
    return `  - ${router({ link: direction === "import" ? `${other} -- ${dut}` : `${dut} -- ${other}`, sessions: policed })}`;
  });
  return [
    `name: ${name}`,
    "expect: { within: 20s }",
    `policies: ${JSON.stringify(policies)}`,
    `groups: ${JSON.stringify({ between: { routers: kinds.flatMap((kind) => [kind, `${kind}-twin`]), asn: 65000, originate: prefixesOf(20) } })}`,
    "routers:",
    ...sources.map((source, index) => `  ${source}: ${router({ asn: external(source) ? 64601 + index : Number(internal), originate: prefixesOf(index + 1), import: [{ match: { peer: ["eth0"] } }], export: `from-${source}` })}`),
    `  f1: ${router({ asn: 64701, originate: prefixesOf(11), import: ["reject"] })}`,
    `  f2: ${router({ asn: 64702, originate: prefixesOf(12), import: ["reject"] })}`,
    ...sinks.map((sink, index) => `  ${sink}: ${router({ asn: external(sink) ? 64801 + index : Number(internal), export: ["reject"] })}`),
    ...kinds.flatMap((kind) => {
      const families = kind === "openbgpd" ? { families: ["ipv6-unicast"] } : {};
      return [`  ${kind}: ${router({ kind, ...families })}`, `  ${kind}-twin: ${router({ ...families })}`];
    }),
    "links:",
    "  - f1 -- s1",
    "  - f2 -- s2",
    "  - f1 -- s3",
    ...kinds.flatMap((kind) => [...sessions(kind, kind), ...sessions(kind, `${kind}-twin`)]),
    "",
  ].join("\n");
}
