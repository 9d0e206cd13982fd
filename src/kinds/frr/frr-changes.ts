import type { Changes, ListChange } from "../../bgp/policy/policy.ts";
import type { Asn } from "../../net/asn.ts";
import { formatCommunity, routeExtension } from "../community.ts";
import { communityList, type EntryWords } from "./frr-match.ts";

/** What is changed, in the words of a route map of FRR's. @param name the beginning of that of lists of its own */
export function frrChanges(set: Changes, { name, asn }: { name: string; asn: Asn }): EntryWords {
  const { origin, med, localPref, prepend = 0, communities, extendedCommunities, largeCommunities } = set;
  const gone = `${name}-gone`;
  const lists = [
    listChange(communities, { type: "community", words: formatCommunity, gone }),
    listChange(largeCommunities, { type: "large-community", words: (one) => one.join(":"), gone }),
  ];
  return {
    defined: lists.flatMap(({ defined }) => defined),
    words: [
      ...(localPref === undefined ? [] : [`set local-preference ${localPref}`]),
      ...(med === undefined ? [] : [`set metric ${med}`]),
      ...(origin === undefined ? [] : [`set origin ${origin}`]),
      ...(prepend === 0 ? [] : [`set as-path prepend ${new Array(prepend).fill(asn).join(" ")}`]),
      ...lists.flatMap(({ words }) => words),
      ...extensions(extendedCommunities),
    ],
  };
}

interface ListWords<Item> {
  readonly type: "community" | "large-community";
  readonly words: (item: Item) => string;
  /** Name of the list of those that are taken away. */
  readonly gone: string;
}

function listChange<Item>(
  change: ListChange<Item> | undefined,
  { type, words, gone }: ListWords<Item>,
): EntryWords {
  const [set, left, added] = [change?.set, change?.delete, change?.add].map((items) => items?.map(words));
  if (set) return { defined: [], words: [`set ${type} ${set.length === 0 ? "none" : set.join(" ")}`] };
  const deletes = type === "community" ? "comm-list" : "large-comm-list";
  return {
    defined: communityList(`${type}-list`, gone, left),
    words: [
      ...(left?.length ? [`set ${deletes} ${gone} delete`] : []),
      ...(added?.length ? [`set ${type} ${added.join(" ")} additive`] : []),
    ],
  };
}

/** FRR adds to what there is, or takes all away. */
function extensions(change: ListChange<string> | undefined): string[] {
  const added = (change?.set ?? change?.add ?? []).map(routeExtension);
  const none = change?.set ? ["set extcommunity none"] : [];
  const sets = (["rt", "soo"] as const).flatMap((type) => {
    const values = added.flatMap((one) => (one.type === type ? [one.value] : []));
    return values.length === 0 ? [] : [`set extcommunity ${type} ${values.join(" ")}`];
  });
  return [...none, ...sets];
}
