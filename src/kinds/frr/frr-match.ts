import type { Match } from "../../bgp/policy/policy.ts";
import type { Family } from "../../net/address.ts";
import { formatCommunity, routeExtension } from "../community.ts";

/** Lines in an entry of a route map, and the lists that they name. */
export interface EntryWords {
  readonly defined: readonly string[];
  readonly words: readonly string[];
}

/** What all must hold of a route, in the words of a route map of FRR's. @param name that of lists of its own */
export function frrConditions(match: Match, { name, family }: { name: string; family: Family }): EntryWords {
  const { prefixes, asPath, communities, extendedCommunities, largeCommunities, origin } = match;
  const ip = family === 4 ? "ip" : "ipv6";
  const defined = [
    ...(prefixes ?? []).map(
      ({ prefix, ge, le }) => `${ip} prefix-list ${name} permit ${prefix}${lengths(prefix, { ge, le })}`,
    ),
    ...(asPath === undefined ? [] : [`bgp as-path access-list ${name} permit ${asPath}`]),
    ...communityList("community-list", name, communities?.map(formatCommunity)),
    ...communityList("extcommunity-list", name, extendedCommunities?.map(extensionWords)),
    ...communityList(
      "large-community-list",
      name,
      largeCommunities?.map((one) => one.join(":")),
    ),
  ];
  const words = [
    prefixes && `match ${ip} address prefix-list ${name}`,
    asPath === undefined ? undefined : `match as-path ${name}`,
    communities && `match community ${name}`,
    extendedCommunities && `match extcommunity ${name}`,
    largeCommunities && `match large-community ${name}`,
    origin && `match origin ${origin}`,
    match.med && `match metric ${match.med.min}`,
    match.localPref && `match local-preference ${match.localPref.min}`,
  ];
  return { defined, words: words.filter((each) => each !== undefined) };
}

/** Of the lists of communities each line is enough. */
export function communityList(type: string, name: string, items: readonly string[] = []): string[] {
  return items.map((item) => `bgp ${type} standard ${name} permit ${item}`);
}

function extensionWords(digits: string): string {
  const { type, value } = routeExtension(digits);
  return `${type} ${value}`;
}

/** Lengths between those of the prefix alone, and all. */
function lengths(prefix: string, { ge, le }: { ge: number; le: number }): string {
  const own = Number(prefix.slice(prefix.lastIndexOf("/") + 1));
  return `${ge > own ? ` ge ${ge}` : ""}${le > own ? ` le ${le}` : ""}`;
}
