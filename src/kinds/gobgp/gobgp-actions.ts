import type { Changes, ListChange } from "../../bgp/policy/policy.ts";
import type { Asn } from "../../net/asn.ts";
import { formatCommunity } from "../community.ts";
import { extensionWords } from "./gobgp-match.ts";

const path = "policy-definitions.statements.actions.bgp-actions";

/**
 * What is changed, as the actions of one statement of GoBGP's, or of two: it either adds communities or takes some away. It adds first, since that makes no
 * condition fail that held.
 */
export function gobgpSteps(
  set: Changes,
  { asn, always }: { asn: Asn; always: readonly string[] },
): readonly (readonly string[])[] {
  const { med, localPref, prepend = 0, communities, extendedCommunities, largeCommunities } = set;
  const lists = [
    listActions("community", communities, { words: formatCommunity, all: ".*" }),
    listActions("ext-community", extendedCommunities, { words: extensionWords, all: ".*" }),
    listActions("large-community", largeCommunities, { words: (one) => one.join(":"), all: ".*" }),
  ];
  const first = lists.flatMap(([before, last]) => (last ? (before ?? []) : []));
  const settings = [
    ...always,
    ...(localPref === undefined ? [] : [`set-local-pref = ${localPref}`]),
    // A text, for it may be relative.
    ...(med === undefined ? [] : [`set-med = "${med}"`]),
  ];
  const last = [
    ...(settings.length === 0 ? [] : [`    [${path}]`, ...settings.map((words) => `      ${words}`)]),
    ...(prepend === 0
      ? []
      : [`    [${path}.set-as-path-prepend]`, `      as = "${asn}"`, `      repeat-n = ${prepend}`]),
    ...lists.flatMap(([before, last]) => last ?? before ?? []),
  ];
  return first.length === 0 ? [last] : [first, last];
}

interface ListWords<Item> {
  readonly words: (item: Item) => string;
  /** A regular expression for all of them. */
  readonly all: string;
}

/** One action, or two. */
function listActions<Item>(
  type: string,
  change: ListChange<Item> | undefined,
  { words, all }: ListWords<Item>,
): (readonly string[])[] {
  if (!change) return [];
  const [set, gone = [], added = []] = [change.set, change.delete, change.add].map((items) =>
    items?.map(words),
  );
  if (set) return [set.length === 0 ? action(type, "remove", [all]) : action(type, "replace", set)];
  return [
    ...(added.length === 0 ? [] : [action(type, "add", added)]),
    ...(gone.length === 0 ? [] : [action(type, "remove", gone)]),
  ];
}

function action(type: string, option: string, items: readonly string[]): readonly string[] {
  return [
    `    [${path}.set-${type}]`,
    `      options = "${option}"`,
    `      [${path}.set-${type}.set-${type}-method]`,
    `        communities-list = [${items.map((item) => `"${item}"`).join(", ")}]`,
  ];
}
