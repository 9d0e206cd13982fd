import type { RouterConfig, SessionConfig } from "../../bgp/config/config.ts";
import { type AsPathMask, asPathMasks } from "../../bgp/policy/as-path-mask.ts";
import type { Changes, ListChange, Match, Rule } from "../../bgp/policy/policy.ts";
import { formatCommunity, routeExtension } from "../community.ts";
import type { Peer } from "../peers.ts";
import { isForAll, letsAllPass, sessionRules } from "../session-rules.ts";

/** A session of OpenBGPD's. */
interface Filtered {
  readonly session: SessionConfig;
  readonly router: RouterConfig;
  readonly peer: Peer;
  /** Of the neighbor, as it is written. */
  readonly address: string;
}

/** The filter rules of one session, and the sets that they ask for; without any, all is let through. It carries IPv6 alone. */
export function openbgpdFilters({ session, router, peer, address }: Filtered): string[] {
  return (["import", "export"] as const).flatMap((direction) => {
    const rules = sessionRules(router, session, { direction, family: 6, peer });
    if (letsAllPass(rules)) return [];
    const whom = `${direction === "import" ? "from" : "to"} ${address}`;
    const name = `${session.ifname}-${direction}`;
    // What no rule decides on is let through already.
    const open = rules.map((rule): Rule => (isForAll(rule) ? { ...rule, action: "next" } : rule));
    const lines = open.flatMap((rule, index) => ruleLines(rule, { whom, name: `${name}-${index + 1}` }));
    const apart = lines.flatMap((line, index) => separate(line, { before: lines[index - 1], whom }));
    return rules.slice(-1).some(isForAll) ? apart : [...apart, `deny quick ${whom}`];
  });
}

/** Two lines in a row with the same conditions are one to it, which takes away before it adds: there is one between that never matches. */
function separate(
  line: string,
  { before = "", whom }: { before: string | undefined; whom: string },
): string[] {
  const asked = (text: string) => text.split(" set {")[0];
  const isOne = line.startsWith("match ") && asked(line) === asked(before);
  return isOne ? [`match ${whom} max-as-len ${LONGEST_PATH} set { weight 0 }`, line] : [line];
}

/** In ASNs: no message has room for so many. */
const LONGEST_PATH = 4096;

const verbs = { accept: "allow quick", reject: "deny quick", next: "match" } as const;

/** Where one of several must hold, each has a line of its own. */
function ruleLines({ match, set, action }: Rule, { whom, name }: { whom: string; name: string }): string[] {
  const changes = changeWords(set);
  const changed = changes.length === 0 ? "" : ` set { ${changes.join(" ")} }`;
  // A line that does nothing is a mistake.
  if (action === "next" && changes.length === 0) return [];
  const { sets, ways } = conditions(match, name);
  return [...sets, ...ways.map((way) => [verbs[action], whom, ...way].join(" ") + changed)];
}

/** Sets by name, and all ways to hold. */
function conditions(match: Match, name: string): { sets: string[]; ways: readonly (readonly string[])[] } {
  const { prefixes, asPath, communities, extendedCommunities, largeCommunities } = match;
  const paths = asPath === undefined ? undefined : (asPathMasks(asPath) ?? []);
  const numbered = paths?.map((mask, index) => pathWords(mask, `${name}-${index + 1}`));
  const ranges = prefixes?.map(({ prefix, ge, le }) => `${prefix} prefixlen ${ge} - ${le}`);
  const alternatives = [
    prefixes && [`prefix-set "${name}"`],
    numbered?.map(({ words }) => words),
    communities?.map((one) => `community ${formatCommunity(one)}`),
    extendedCommunities?.map((one) => `ext-community ${extensionWords(one)}`),
    largeCommunities?.map((one) => `large-community ${one.join(":")}`),
  ].filter((some) => some !== undefined);
  return {
    sets: [
      ...(ranges ? [`prefix-set "${name}" { ${ranges.join(", ")} }`] : []),
      ...(numbered?.map(({ set }) => set) ?? []),
    ],
    ways: alternatives.reduce<string[][]>(
      (ways, some) => ways.flatMap((way) => some.map((one) => [...way, one])),
      [[]],
    ),
  };
}

/** Of all masks it knows those of an AS that is first, last, or anywhere; any other was a mistake in the topology. */
function pathWords(mask: AsPathMask, name: string): { set: string; words: string } {
  const step = mask.find((one) => one.type === "one");
  const type = mask[0] === step ? "peer-as" : mask.at(-1) === step ? "source-as" : "AS";
  return { set: `as-set "${name}" { ${step?.asns?.join(" ")} }`, words: `${type} as-set "${name}"` };
}

/** It takes away before it adds. */
function changeWords(set: Changes): string[] {
  const { origin, med, localPref, prepend = 0, communities, extendedCommunities, largeCommunities } = set;
  return [
    ...(localPref === undefined ? [] : [`localpref ${localPref}`]),
    ...(med === undefined ? [] : [`metric ${med}`]),
    ...(origin === undefined ? [] : [`origin ${origin}`]),
    ...(prepend === 0 ? [] : [`prepend-self ${prepend}`]),
    ...listWords("community", communities, { words: formatCommunity, all: "*:*" }),
    ...listWords("ext-community", extendedCommunities, { words: extensionWords, all: undefined }),
    ...listWords("large-community", largeCommunities, { words: (one) => one.join(":"), all: "*:*:*" }),
  ];
}

function listWords<Item>(
  type: string,
  change: ListChange<Item> | undefined,
  { words, all }: { words: (item: Item) => string; all: string | undefined },
): string[] {
  const { set, delete: gone = [], add = [] } = change ?? {};
  return [
    ...(set && all ? [`${type} delete ${all}`] : []),
    ...gone.map((item) => `${type} delete ${words(item)}`),
    ...[...(set ?? []), ...add].map((item) => `${type} ${words(item)}`),
  ];
}

function extensionWords(digits: string): string {
  const { type, value } = routeExtension(digits);
  return `${type} ${value}`;
}
