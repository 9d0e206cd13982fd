import type { Match } from "../../bgp/policy/policy.ts";
import type { Family } from "../../net/address.ts";
import { formatCommunity, routeExtension } from "../community.ts";

/** What all must hold of a route of one family, in the words of a statement of GoBGP's, and the sets that these ask for. @param name of the sets */
export function gobgpConditions(
  match: Match,
  { name, family }: { name: string; family: Family },
): { sets: string[]; lines: string[] } {
  const { prefixes, asPath, communities, extendedCommunities, largeCommunities, nextHops } = match;
  const lists = [
    setOf("community", communities?.map(formatCommunity)),
    setOf("ext-community", extendedCommunities?.map(extensionWords)),
    setOf(
      "large-community",
      largeCommunities?.map((one) => one.join(":")),
    ),
    setOf("as-path", asPath === undefined ? undefined : [asPath]),
  ].filter((list) => list !== undefined);
  const conditions = "policy-definitions.statements.conditions";
  return {
    sets: [
      ...prefixSet(name, prefixes),
      ...lists.flatMap(({ type, items }) => [
        `[[defined-sets.bgp-defined-sets.${type}-sets]]`,
        `  ${type}-set-name = "${name}"`,
        `  ${type}-list = [${items.map((item) => `'${item}'`).join(", ")}]`,
      ]),
    ],
    lines: [
      ...(prefixes ? [`    [${conditions}.match-prefix-set]`, `      prefix-set = "${name}"`] : []),
      ...lists.flatMap(({ type }) => [
        `    [${conditions}.bgp-conditions.match-${type}-set]`,
        `      ${type}-set = "${name}"`,
      ]),
      `    [${conditions}.bgp-conditions]`,
      `      afi-safi-in-list = ["ipv${family}-unicast"]`,
      ...(nextHops ? [`      next-hop-in-list = [${nextHops.map((one) => `"${one}"`).join(", ")}]`] : []),
    ],
  };
}

function setOf(type: string, items: readonly string[] | undefined) {
  return items && { type, items };
}

/** Of one family alone. */
function prefixSet(name: string, prefixes: Match["prefixes"]): string[] {
  if (!prefixes) return [];
  return [
    "[[defined-sets.prefix-sets]]",
    `  prefix-set-name = "${name}"`,
    ...prefixes.flatMap(({ prefix, ge, le }) => [
      "  [[defined-sets.prefix-sets.prefix-list]]",
      `    ip-prefix = "${prefix}"`,
      `    masklength-range = "${ge}..${le}"`,
    ]),
  ];
}

/** As it writes extended communities itself. */
export function extensionWords(digits: string): string {
  const { type, value } = routeExtension(digits);
  return `${type}:${value}`;
}
