import { type AsPathMask, asPathMasks } from "../bgp/policy/as-path-mask.ts";
import type { Match, NumberRange, Rule } from "../bgp/policy/policy.ts";
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

const another = "let a router of another kind do that";

/** A match as it is written. */
const written = (key: keyof Match) => (key === "localPref" ? "local-pref" : key);

const noMatch = (...keys: (keyof Match)[]): PolicyLimit[] =>
  keys.map((key) => ({
    path: ["match", written(key)],
    what: `match ${written(key)}`,
    hint: another,
    concerns: ({ match }) => match[key] !== undefined,
  }));

const atExport = (limit: PolicyLimit): PolicyLimit => ({
  ...limit,
  what: `${limit.what} in an export`,
  concerns: (rule, use) => use.direction === "export" && limit.concerns(rule, use),
});

const toOtherAses = (limit: PolicyLimit): PolicyLimit =>
  atExport({ ...limit, concerns: (rule, use) => use.external && limit.concerns(rule, use) });

const nextHopSet: PolicyLimit = {
  path: ["set", "next-hop"],
  what: "set next hops",
  hint: "leave it out: next hops are the addresses of the peers",
  concerns: ({ set }) => set.nextHop !== undefined,
};

const nextHopMatch: PolicyLimit = {
  path: ["match", "next-hop"],
  what: "match next-hop",
  hint: "match the peer that told it",
  concerns: ({ match }) => match.nextHops !== undefined,
};

const peerTold = atExport({
  path: ["match", "peer"],
  what: "match peer",
  hint: "let an import add a community, and match that",
  concerns: ({ match }) => match.peers !== undefined,
});

const originSet: PolicyLimit = {
  path: ["set", "origin"],
  what: "set origin",
  hint: another,
  concerns: ({ set }) => set.origin !== undefined,
};

const isRange = ({ min, max }: NumberRange) => min !== max;

/** It compares with one number, and takes 0 for nothing said. */
const numbers = (["med", "localPref"] as const).flatMap((key): PolicyLimit[] => [
  {
    path: ["match", written(key)],
    what: `compare ${written(key)} with a range`,
    hint: "write a rule for each number",
    concerns: ({ match: { [key]: range } }) => range !== undefined && isRange(range),
  },
  {
    path: ["match", written(key)],
    what: `compare ${written(key)} with 0`,
    hint: "match what has another one before it",
    concerns: ({ match: { [key]: range } }) => range?.max === 0,
  },
]);

const medGone: PolicyLimit = {
  path: ["set", "med"],
  what: "take a MED away",
  hint: "set it to 0, which counts as none",
  concerns: ({ set }) => set.med === null,
};

const medHeard: PolicyLimit = {
  path: ["set", "med"],
  what: "set med in an import without telling it to other ASes",
  hint: "set it in an export, or set local-pref",
  concerns: ({ set }, { direction }) => direction === "import" && set.med !== undefined,
};

/** Route targets and sites of origin (RFC 4360 §4, §5, RFC 5668 §2), but for short AS numbers in the long form. */
const isRouteExtension = (digits: string) => /^0([01]0[23]|20[23](?!0000))/.test(digits);

const extensionNames = (["match", "set"] as const).map(
  (part): PolicyLimit => ({
    path: [part, "ext-community"],
    what: "name extended communities other than rt and soo",
    hint: "use another community",
    concerns: ({ match, set }) => {
      const { set: all = [], delete: gone = [], add = [] } = set.extendedCommunities ?? {};
      const named = part === "match" ? (match.extendedCommunities ?? []) : [...all, ...gone, ...add];
      return !named.every(isRouteExtension);
    },
  }),
);

const oneExtensionGone: PolicyLimit = {
  path: ["set", "ext-community"],
  what: "take single extended communities away",
  hint: "set says all that are to stay",
  concerns: ({ set }) => (set.extendedCommunities?.delete?.length ?? 0) > 0,
};

const noExtensionLeft: PolicyLimit = {
  path: ["set", "ext-community"],
  what: "take all extended communities away without telling an empty list of them",
  hint: "set says all that are to stay, one at least",
  concerns: ({ set }) => set.extendedCommunities?.set?.length === 0,
};

const allExtensionsSet: PolicyLimit = {
  path: ["set", "ext-community"],
  what: "set all extended communities anew",
  hint: "delete those that are meant, and add others",
  concerns: ({ set }) => set.extendedCommunities?.set !== undefined,
};

const pathMasks: PolicyLimit = {
  path: ["match", "as-path"],
  what: "match parts of AS numbers, or counted ones",
  hint: 'write whole AS numbers: "^64512_", "_(64513|64514)$"',
  concerns: ({ match: { asPath } }) => asPath !== undefined && asPathMasks(asPath) === undefined,
};

/** Go's regular expressions; they are not used where it matches masks. */
const pathRepeats: PolicyLimit = {
  path: ["match", "as-path"],
  what: "repeat what is repeated in an as-path",
  hint: "write it once: (64512_)*",
  concerns: ({ match: { asPath = "" } }, { direction, external }) =>
    (direction === "import" || !external) && /(?<!\\)[*+?}][*+?{]/.test(asPath),
};

const isOneAsn = (mask: AsPathMask) => {
  const [one, ...more] = mask.filter((step) => step.type === "one");
  return one !== undefined && one.asns !== null && !one.repeats && more.length === 0 && mask.length > 1;
};

const pathEnds: PolicyLimit = {
  path: ["match", "as-path"],
  what: "match more of an AS path than its first AS, its last or any one",
  hint: 'write "^64512_", "_64512$", "_64512_" or the same with (64512|64513)',
  concerns: ({ match: { asPath } }) => asPath !== undefined && asPathMasks(asPath)?.every(isOneAsn) !== true,
};

/** Where one of several matches, its rule is several. */
const prependNext: PolicyLimit = {
  path: ["set", "prepend"],
  what: "prepend once in a rule that goes on to the next and has lists to match",
  hint: "match one community, or let the rule accept",
  concerns: ({ match, set, action }) => {
    const { communities, largeCommunities, extendedCommunities, asPath } = match;
    const lists = [communities, largeCommunities, extendedCommunities, asPath && asPathMasks(asPath)];
    return set.prepend !== undefined && action === "next" && lists.some((list) => (list?.length ?? 1) > 1);
  },
};

/** Of those that have policies, beyond which they do all that our own do. As tried with Debian 12's versions. */
export const policyLimits: Readonly<Partial<Record<KindName, readonly PolicyLimit[]>>> = {
  bird: [nextHopSet, pathMasks],
  frr: [nextHopSet, nextHopMatch, peerTold, ...numbers, medGone, ...extensionNames, oneExtensionGone],
  // Its exports see the route as it will be told: its own AS is in front, its own next hop set.
  gobgp: [
    ...[nextHopSet, atExport(nextHopMatch), peerTold, ...noMatch("med", "localPref", "origin"), originSet],
    ...[medGone, ...extensionNames, oneExtensionGone, noExtensionLeft, toOtherAses(pathMasks), pathRepeats],
  ],
  openbgpd: [
    ...[nextHopSet, nextHopMatch, peerTold, ...noMatch("med", "localPref", "origin"), medGone, medHeard],
    ...[...extensionNames, allExtensionsSet, pathEnds, prependNext],
  ],
};

/** What of a rule the policies of a program cannot do. */
export function limitsOf(rule: Rule, use: RuleUse & { kind: KindName }): readonly PolicyLimit[] {
  return (policyLimits[use.kind] ?? []).filter(({ concerns }) => concerns(rule, use));
}
