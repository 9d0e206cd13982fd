import type { KindName } from "../../src/topology/topology.ts";
import { type Part, type PolicyRule, RuleDraw } from "./rule-draw.ts";

const asns = { s1: 64601, s2: 64602, s3: 65000, f1: 64701, f2: 64702, k1: 64801, k2: 64802, k3: 65000 };
const own = 65000;
const sources = ["s1", "s2", "s3"] as const;
const sinks = ["k1", "k2", "k3"] as const;

/** Prefixes of a router, from a number of its own. */
const prefixesOf = (number: number) => [
  ...Array.from({ length: 12 }, (_, index) => `10.${number}.${index}.0/${24 + (index % 3)}`),
  ...Array.from({ length: 8 }, (_, index) => `2001:db8:${number}0${index}::/${48 + 8 * (index % 2)}`),
];

/** The third source is in the AS that it tells, and would be a loop with its own AS in front. */
function toldBy(number: number, { prepend, ...set }: Part): Part {
  return number === 3 || prepend === undefined ? set : { ...set, prepend };
}

/** A topology. */
export interface PolicyLab {
  readonly name: string;
  /** As a file has it. */
  readonly text: string;
  /** Those between sources and sinks. */
  readonly policies: Readonly<Record<string, readonly PolicyRule[]>>;
  readonly links: readonly { readonly link: string }[];
}

/** What the programs of these kinds can carry, told to each of them and to our own in its place. */
const bodyOf = (kind: KindName) => (kind === "openbgpd" ? { families: ["ipv6-unicast"] } : {});

/**
 * A lab in which a router of each kind, and one of our own with the same policies, stands between the same sources and sinks: what
 * these hear of both must be the same. The routers are called as their kind is, and `KIND-twin`.
 */
export function policyLab(
  name: string,
  { seed, kinds }: { seed: number; kinds: readonly KindName[] },
): PolicyLab {
  const draw = new RuleDraw(seed);
  const told = (number: number) => [
    ...[number, number + 10]
      .flatMap(prefixesOf)
      .map((prefix) => ({ match: { prefix: [prefix] }, set: toldBy(number, draw.changes(0.5)) })),
    "accept",
  ];
  const sessions = [
    ...sources.map((other) => ({ other, direction: "import" as const })),
    ...sinks.map((other) => ({ other, direction: "export" as const })),
  ].map((one) => ({ ...one, external: asns[one.other] !== own }));
  const links = kinds.flatMap((kind) =>
    [`${kind}`, `${kind}-twin`].flatMap((router) =>
      sessions.map(({ other, direction }) => ({
        link: direction === "import" ? `${other} -- ${router}` : `${router} -- ${other}`,
        sessions: { [router]: { [direction]: `${kind}-${other}` } },
      })),
    ),
  );
  const between = kinds.flatMap((kind) => [kind, `${kind}-twin`]);
  const policies: PolicyLab["policies"] = Object.fromEntries(
    kinds.flatMap((kind) =>
      sessions.map(({ other, ...use }) => [`${kind}-${other}`, draw.policy({ ...use, kind })]),
    ),
  );
  const topology = {
    name,
    expect: { within: "60s" },
    policies: { ...policies, "from-s1": told(1), "from-s2": told(2), "from-s3": told(3) },
    groups: { between: { routers: between, asn: own, originate: prefixesOf(20) } },
    routers: {
      f1: { asn: asns.f1, originate: prefixesOf(11), import: ["reject"] },
      f2: { asn: asns.f2, originate: prefixesOf(12), import: ["reject"] },
      ...Object.fromEntries([
        ...sources.map((source, index) => [
          source,
          {
            asn: asns[source],
            originate: prefixesOf(index + 1),
            import: [{ match: { peer: ["eth0"] } }],
            export: `from-${source}`,
          },
        ]),
        ...sinks.map((sink) => [sink, { asn: asns[sink], export: ["reject"] }]),
        ...kinds.flatMap((kind) => [
          [kind, { kind, ...bodyOf(kind) }],
          [`${kind}-twin`, bodyOf(kind)],
        ]),
      ]),
    },
    links: ["f1 -- s1", "f2 -- s2", "f1 -- s3", ...links],
  };
  return { name, policies, links, text: JSON.stringify(topology) };
}
