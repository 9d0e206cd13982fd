import type { ListChange, PrefixRange, Rule } from "../bgp/policy/policy.ts";
import {
  formatCommunity,
  formatExtendedCommunity,
  formatLargeCommunity,
} from "../bgp/wire/community-text.ts";
import { prefixParts } from "../net/prefix.ts";

type Words = readonly (readonly [name: string, words: string | number | undefined])[];

/** A rule of a policy as a topology has it: what must match, what is set, and what becomes of the route; `-` for nothing. */
export function ruleText({ match, set, action }: Rule): [match: string, set: string, action: string] {
  const either = <Item>(items: readonly Item[] | undefined, format: (item: Item) => string | number) =>
    items?.map(format).join("|");
  const range = (numbers: { min: number; max: number } | undefined) =>
    numbers && (numbers.min === numbers.max ? numbers.min : `${numbers.min}-${numbers.max}`);
  const matched: Words = [
    ["prefix", either(match.prefixes, prefixText)],
    ["as-path", match.asPath],
    ["community", either(match.communities, formatCommunity)],
    ["ext-community", either(match.extendedCommunities, formatExtendedCommunity)],
    ["large-community", either(match.largeCommunities, formatLargeCommunity)],
    ["next-hop", match.nextHops?.join("|")],
    ["peer", match.peers?.join("|")],
    ["origin", match.origin],
    ["med", range(match.med)],
    ["local-pref", range(match.localPref)],
  ];
  const changed: Words = [
    ["origin", set.origin],
    ["med", wordText(set.med)],
    ["local-pref", wordText(set.localPref)],
    ["prepend", set.prepend],
    ["next-hop", set.nextHop],
    ["community", changeText(set.communities, formatCommunity)],
    ["ext-community", changeText(set.extendedCommunities, formatExtendedCommunity)],
    ["large-community", changeText(set.largeCommunities, formatLargeCommunity)],
  ];
  return [phrase(matched), phrase(changed), action];
}

function phrase(words: Words): string {
  const said = words.flatMap(([name, text]) => (text === undefined ? [] : [`${name} ${text}`]));
  return said.join(", ") || "-";
}

/** A prefix as `10.0.0.0/8 ge 16 le 24`, without the lengths if it is meant alone. */
function prefixText({ prefix, ge, le }: PrefixRange): string {
  const { length } = prefixParts(prefix);
  const least = ge === length ? "" : ` ge ${ge}`;
  return `${prefix}${least}${le === length ? "" : ` le ${le}`}`;
}

function wordText(value: number | null | undefined): number | string | undefined {
  return value === null ? "~" : value;
}

/** `= 64512:1` for what replaces all, `- 64512:1` for what goes, and `+ 64512:1` for what comes. */
function changeText<Item>(
  change: ListChange<Item> | undefined,
  format: (item: Item) => string,
): string | undefined {
  if (change === undefined) return undefined;
  const parts = [
    ["=", change.set],
    ["-", change.delete],
    ["+", change.add],
  ] as const;
  return parts
    .flatMap(([sign, items]) =>
      items === undefined ? [] : [`${sign} ${items.map(format).join(" ") || "none"}`],
    )
    .join(" ");
}
