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

const noNextHops: PolicyLimit = {
  path: ["match", "next-hop"],
  what: "match link-local next hops",
  hint: "match the peer, whose address it is",
  concerns: ({ match }) => match.nextHops !== undefined,
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
  hint: "let an import add a community to what has another one, and match that",
  concerns: ({ match }) => match[key]?.max === 0,
}));

const exactNumbers: readonly PolicyLimit[] = [
  ...zeros,
  rangeOf("med", ({ match }) => isRange(match.med)),
  rangeOf("local-pref", ({ match }) => isRange(match.localPref)),
];

const peersAtExport: PolicyLimit = {
  path: ["match", "peer"],
  what: "ask in an export who told it of a route",
  hint: "let an import add a community, and match that",
  concerns: ({ match }, { direction }) => direction === "export" && match.peers !== undefined,
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

/** Route targets and sites of origin (RFC 4360 §4, §5, RFC 5668 §2). */
const isRouteExtension = (digits: string) => /^0[012]0[23]/.test(digits);

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

const wholeAsns = (isKnown: (mask: AsPathMask) => boolean, hint: string): PolicyLimit => ({
  path: ["match", "as-path"],
  what: "match such AS paths",
  hint,
  concerns: ({ match: { asPath } }) => asPath !== undefined && asPathMasks(asPath)?.every(isKnown) !== true,
});

/** What policies cannot do that a program has, beyond what our own can; undefined where there are no policies, or all is possible. */
const limits: Readonly<Record<KindName, readonly PolicyLimit[]>> = {
  speaker: [],
  exabgp: [],
  bird: [ownNextHop, wholeAsns(() => true, 'write whole AS numbers: "^64512_", "_(64513|64514)$"')],
  frr: [ownNextHop, noNextHops, ...exactNumbers, peersAtExport, noMed, ...extensions, oneExtension],
  gobgp: [ownNextHop, ...noMatch(["med", "localPref", "origin"]), noOrigin, peersAtExport, noMed, ...extensions],
  openbgpd: [],
};

/** What of a rule the policies of a program cannot do. */
export function policyLimits(kind: KindName, rule: Rule, use: RuleUse): readonly PolicyLimit[] {
  return limits[kind].filter(({ concerns }) => concerns(rule, use));
}
