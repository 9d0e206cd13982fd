import type { RouterConfig } from "../bgp/config/config.ts";
import type { Changes, ListChange, Rule } from "../bgp/policy/policy.ts";
import { birdConditions, communityWords, extendedWords, largeWords, originWords } from "./bird-match.ts";
import type { Peers } from "./peers.ts";
import { isForAll } from "./session-rules.ts";

/** Rules as the statements of a filter of BIRD's, which takes it for a mistake if none of them decides. */
export function birdRules(
  rules: readonly Rule[],
  own: { router: RouterConfig; peers: Peers },
): readonly string[] {
  const statements = rules.map(({ match, set, action }) => {
    const done = [...changes(set, own.router), ...(action === "next" ? [] : [`${action};`])].join(" ");
    const conditions = birdConditions(match, own);
    return conditions.length === 0 ? done : `if ${conditions.join(" && ")} then { ${done} }`;
  });
  return rules.slice(-1).every(isForAll) ? statements : [...statements, "reject;"];
}

function changes(set: Changes, { asn }: RouterConfig): string[] {
  const { origin, med, localPref, prepend = 0, communities, extendedCommunities, largeCommunities } = set;
  return [
    ...(origin === undefined ? [] : [`bgp_origin = ${originWords[origin]};`]),
    ...(med === undefined ? [] : [med === null ? "unset(bgp_med);" : `bgp_med = ${med};`]),
    ...(localPref === undefined ? [] : [`bgp_local_pref = ${localPref};`]),
    ...new Array<string>(prepend).fill(`bgp_path.prepend(${asn});`),
    ...list(communities, { name: "bgp_community", none: "-empty-", words: communityWords }),
    ...list(extendedCommunities, { name: "bgp_ext_community", none: "--empty--", words: extendedWords }),
    ...list(largeCommunities, { name: "bgp_large_community", none: "---empty---", words: largeWords }),
  ];
}

interface ListWords<Item> {
  readonly name: string;
  readonly none: string;
  readonly words: (item: Item) => string;
}

function list<Item>(change: ListChange<Item> | undefined, { name, none, words }: ListWords<Item>): string[] {
  if (!change) return [];
  const { set, delete: gone = [], add = [] } = change;
  return [
    ...(set ? [`${name} = ${none};`] : []),
    ...gone.map((item) => `${name}.delete(${words(item)});`),
    ...[...(set ?? []), ...add].map((item) => `${name}.add(${words(item)});`),
  ];
}
