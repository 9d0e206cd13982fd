import { type AsPathMask, asPathMasks } from "../bgp/policy/as-path-mask.ts";
import type { NumberRange, Rule } from "../bgp/policy/policy.ts";
import type { KindName } from "./topology.ts";

/** Where a rule is at work. */
export interface RuleUse {
  readonly direction: "import" | "export";
  /** Whether the peer is in another AS. */
  readonly external: boolean;
}

/** Something that the policies of a program cannot do. */
export interface PolicyLimit {
  /** Where it stands in a rule. */
  readonly path: readonly ["match" | "set", string];
  /** What follows "cannot". */
  readonly what: string;
  readonly hint: string;
  readonly concerns: (rule: Rule, use: RuleUse) => boolean;
}

/** A key as it is written. */
const written = (key: string) => ({ localPref: "local-pref", nextHops: "next-hop" })[key] ?? key;

const ownNextHop: PolicyLimit = {
  path: ["set", "next-hop"],
  what: "set next hops",
  hint: "leave it out: next hops are the addresses of the peers",
  concerns: ({ set }) => set.nextHop !== undefined,
};

const isRange = (range: NumberRange | undefined) => range !== undefined && range.min !== range.max;

const rangeOf = (key: "med" | "local-pref", concerns: (rule: Rule) => boolean): PolicyLimit => ({
  path: ["match", key],
  what: `compare ${key} with a range`,
  hint: "write a rule for each number",
  concerns,
});

/** It takes 0 for nothing said. */
const zeros: readonly PolicyLimit[] = (["med", "localPref"] as const).map((key) => ({
  path: ["match", written(key)],
  what: `compare ${written(key)} with 0`,
  hint: "match what has another one before it",
  concerns: ({ match }) => match[key]?.max === 0,
}));

const exactNumbers: readonly PolicyLimit[] = [
  ...zeros,
  rangeOf("med", ({ match }) => isRange(match.med)),
  rangeOf("local-pref", ({ match }) => isRange(match.localPref)),
];

/** What holds only where a router tells others. */
const atExport = (limit: PolicyLimit, { external = false } = {}): PolicyLimit => ({
  ...limit,
  what: `${limit.what} in an export`,
  concerns: (rule, use) =>
    use.direction === "export" && (use.external || !external) && limit.concerns(rule, use),
});

const markHint = "let an import add a community, and match that";

const peersAtExport = atExport({
  path: ["match", "peer"],
  what: "match peer",
  hint: markHint,
  concerns: ({ match }) => match.peers !== undefined,
});

const noNextHops: PolicyLimit = {
  path: ["match", "next-hop"],
  what: "match next-hop",
  hint: "match the peer that told it",
  concerns: ({ match }) => match.nextHops !== undefined,
};

const unknownHint = "let a router of another kind do that";

/** What a program has no match for. */
const noMatch = (keys: readonly ("med" | "localPref" | "origin" | "nextHops")[]): readonly PolicyLimit[] =>
  keys.map((key) => ({
    path: ["match", written(key)],
    what: `match ${written(key)}`,
    hint: unknownHint,
    concerns: ({ match }) => match[key] !== undefined,
  }));

const noOrigin: PolicyLimit = {
  path: ["set", "origin"],
  what: "set origin",
  hint: unknownHint,
  concerns: ({ set }) => set.origin !== undefined,
};

const noMed: PolicyLimit = {
  path: ["set", "med"],
  what: "take a MED away",
  hint: "set it to 0, which counts as none",
  concerns: ({ set }) => set.med === null,
};

/** Route targets and sites of origin (RFC 4360 §4, §5, RFC 5668 §2), but for short AS numbers in the long form. */
const isRouteExtension = (digits: string) => /^0([01]0[23]|20[23](?!0000))/.test(digits);

const extensions: readonly PolicyLimit[] = (["match", "set"] as const).map((part) => ({
  path: [part, "ext-community"],
  what: "name extended communities other than rt and soo",
  hint: "use another community",
  concerns: ({ match, set }) => {
    const { set: all = [], delete: gone = [], add = [] } = set.extendedCommunities ?? {};
    const named = part === "match" ? (match.extendedCommunities ?? []) : [...all, ...gone, ...add];
    return !named.every(isRouteExtension);
  },
}));

const oneExtension: PolicyLimit = {
  path: ["set", "ext-community"],
  what: "take single extended communities away",
  hint: "set says all that are to stay",
  concerns: ({ set }) => (set.extendedCommunities?.delete?.length ?? 0) > 0,
};

const noExtension: PolicyLimit = {
  path: ["set", "ext-community"],
  what: "take extended communities away: it would tell an empty list",
  hint: "set says all that are to stay, one at least",
  concerns: ({ set: { extendedCommunities: change } }) =>
    change !== undefined && ((change.delete?.length ?? 0) > 0 || change.set?.length === 0),
};

const wholeAsns: PolicyLimit = {
  path: ["match", "as-path"],
  what: "match parts of AS numbers, or counted ones",
  hint: 'write whole AS numbers: "^64512_", "_(64513|64514)$"',
  concerns: ({ match: { asPath } }) => asPath !== undefined && asPathMasks(asPath) === undefined,
};

const importedMed: PolicyLimit = {
  path: ["set", "med"],
  what: "set med in an import without telling it to other ASes",
  hint: "set it in an export, or set local-pref",
  concerns: ({ set }, { direction }) => direction === "import" && set.med !== undefined,
};

const allExtensions: PolicyLimit = {
  path: ["set", "ext-community"],
  what: "take all extended communities away",
  hint: "delete those that are meant",
  concerns: ({ set }) => set.extendedCommunities?.set !== undefined,
};

/** Of an AS that is first, last or anywhere. */
const isOneAsn = (mask: AsPathMask) => {
  const [one, ...more] = mask.filter((step) => step.type === "one");
  const isKnown = one !== undefined && one.asns !== null && !one.repeats;
  return isKnown && more.length === 0 && mask.length > 1;
};

const oneAsn: PolicyLimit = {
  path: ["match", "as-path"],
  what: "match more of an AS path than its first AS, its last or any one",
  hint: 'write "^64512_", "_64512$", "_64512_" or the same with (64512|64513)',
  concerns: ({ match: { asPath } }) => asPath !== undefined && asPathMasks(asPath)?.every(isOneAsn) !== true,
};

/** A rule is as many as there are ways to match it. */
const prependOnce: PolicyLimit = {
  path: ["set", "prepend"],
  what: "prepend once in a rule that goes on to the next and has lists to match",
  hint: "match one community, or let the rule accept",
  concerns: ({ match, set, action }) => {
    const { communities, largeCommunities, extendedCommunities, asPath } = match;
    const lists = [communities, largeCommunities, extendedCommunities, asPath && asPathMasks(asPath)];
    const isOften = lists.some((list) => (list?.length ?? 1) > 1);
    return set.prepend !== undefined && action === "next" && isOften;
  },
};

/** What policies cannot do that a program has, beyond what our own can; undefined where there are no policies, or all is possible. */
const limits: Readonly<Record<KindName, readonly PolicyLimit[]>> = {
  speaker: [],
  exabgp: [],
  bird: [ownNextHop, wholeAsns],
  frr: [ownNextHop, noNextHops, ...exactNumbers, peersAtExport, noMed, ...extensions, oneExtension],
  // Its exports see what the peer is to be told: its own AS in front, its own next hop.
  gobgp: [
    ...[ownNextHop, ...noMatch(["med", "localPref", "origin"]), noOrigin, peersAtExport, noMed],
    ...[...extensions, noExtension, atExport(noNextHops), atExport(wholeAsns, { external: true })],
  ],
  openbgpd: [
    ...[
      ownNextHop,
      ...noMatch(["med", "localPref", "origin", "nextHops"]),
      peersAtExport,
      noMed,
      importedMed,
    ],
    ...[...extensions, allExtensions, oneAsn, prependOnce],
  ],
};

/** What of a rule the policies of a program cannot do. */
export function policyLimits(kind: KindName, rule: Rule, use: RuleUse): readonly PolicyLimit[] {
  return limits[kind].filter(({ concerns }) => concerns(rule, use));
}
