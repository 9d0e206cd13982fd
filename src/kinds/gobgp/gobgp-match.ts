import { asPathMasks, type MaskStep } from "../../bgp/policy/as-path-mask.ts";
import type { Match, PrefixRange } from "../../bgp/policy/policy.ts";
import { compilePrefixRanges } from "../../bgp/policy/prefix-ranges.ts";
import type { Family } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import { prefixParts } from "../../net/prefix.ts";
import { formatCommunity, routeExtension } from "../community.ts";

/** What all must hold of a route of one family, in the words of a statement of GoBGP's, and the sets that these ask for. @param name of the sets @param front an AS number that its AS path already has in front */
export function gobgpConditions(
  match: Match,
  { name, family, front }: { name: string; family: Family; front: Asn | undefined },
): { sets: string[]; lines: string[] } {
  const { prefixes, asPath, communities, extendedCommunities, largeCommunities, nextHops } = match;
  const lists = [
    setOf("community", communities?.map(formatCommunity)),
    setOf("ext-community", extendedCommunities?.map(extensionWords)),
    setOf(
      "large-community",
      largeCommunities?.map((one) => one.join(":")),
    ),
    setOf("as-path", asPath === undefined ? undefined : asPaths(asPath, front)),
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

/** A pattern that must match behind the front is written anew, for there is no word for that. */
function asPaths(pattern: string, front: Asn | undefined): readonly string[] {
  if (front === undefined) return [pattern];
  return (asPathMasks(pattern) ?? []).map((mask) => `^${[`${front}`, ...mask.map(stepWords)].join("")}$`);
}

function stepWords(step: MaskStep): string {
  if (step.type === "any") return "( [0-9]+)*";
  return `( (${step.asns?.join("|") ?? "[0-9]+"}))${step.repeats ? "+" : ""}`;
}

function setOf(type: string, items: readonly string[] | undefined) {
  return items && { type, items };
}

function prefixSet(name: string, prefixes: Match["prefixes"]): string[] {
  if (!prefixes) return [];
  return [
    "[[defined-sets.prefix-sets]]",
    `  prefix-set-name = "${name}"`,
    ...prefixes
      .flatMap((one) => inside(one, prefixes))
      .flatMap(({ prefix, ge, le }) => [
        "  [[defined-sets.prefix-sets.prefix-list]]",
        `    ip-prefix = "${prefix}"`,
        `    masklength-range = "${ge}..${le}"`,
      ]),
  ];
}

/** What a prefix of a set is to let through: GoBGP asks the longest one that a route is in, and no other. */
function inside({ prefix }: PrefixRange, prefixes: readonly PrefixRange[]): PrefixRange[] {
  const { octets, length } = prefixParts(prefix);
  return prefixes
    .filter((other) => compilePrefixRanges([{ ...other, ge: 0, le: 128 }])(octets, length))
    .map(({ ge, le }) => ({ prefix, ge: Math.max(ge, length), le }))
    .filter(({ ge, le }) => ge <= le);
}

/** AS numbers of four octets are two numbers to it (RFC 5396, asdot+). */
export function extensionWords(digits: string): string {
  const { type, value } = routeExtension(digits);
  const asn = Number(value.slice(0, value.indexOf(":")));
  const wide = asn > 0xffff ? `${asn >>> 16}.${asn & 0xffff}${value.slice(value.indexOf(":"))}` : value;
  return `${type}:${wide}`;
}
