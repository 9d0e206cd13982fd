import type { RouterConfig } from "../bgp/config/config.ts";
import { type AsPathMask, asPathMasks } from "../bgp/policy/as-path-mask.ts";
import type { Match, NumberRange } from "../bgp/policy/policy.ts";
import { birdSessionName } from "./bird-session-name.ts";
import { type Peers, peerAsn } from "./peers.ts";

type Item<Key extends keyof Match> = NonNullable<Match[Key]> extends readonly (infer One)[] ? One : never;

export const communityWords = (value: Item<"communities">) => `(${value >>> 16},${value & 0xffff})`;
export const largeWords = (value: Item<"largeCommunities">) => `(${value.join(",")})`;
/** The two halves of its 16 hexadecimal digits. */
export const extendedWords = (value: Item<"extendedCommunities">) =>
  `(generic, 0x${value.slice(0, 8)}, 0x${value.slice(8)})`;
export const originWords = { igp: "ORIGIN_IGP", egp: "ORIGIN_EGP", incomplete: "ORIGIN_INCOMPLETE" } as const;

/** What all must hold of a route, in the words of a filter of BIRD's. */
export function birdConditions(match: Match, own: { router: RouterConfig; peers: Peers }): readonly string[] {
  const { prefixes, asPath, communities, extendedCommunities, largeCommunities, nextHops, peers, origin } =
    match;
  return [
    prefixes && `net ~ [ ${prefixes.map(({ prefix, ge, le }) => `${prefix}{${ge},${le}}`).join(", ")} ]`,
    asPath === undefined ? undefined : oneOf(masksOf(asPath).map((mask) => `bgp_path ~ ${maskWords(mask)}`)),
    communities && `bgp_community ~ [ ${communities.map(communityWords).join(", ")} ]`,
    // Its sets have no word for most of them.
    extendedCommunities &&
      oneOf(extendedCommunities.map((one) => `${extendedWords(one)} ~ bgp_ext_community`)),
    largeCommunities && `bgp_large_community ~ [ ${largeCommunities.map(largeWords).join(", ")} ]`,
    nextHops && `source = RTS_BGP && ${oneOf(nextHops.map((prefix) => `gw ~ ${prefix}`))}`,
    peers && oneOf(protocolsOf(peers, own).map((name) => `proto = "${name}"`)),
    origin && numberWords("bgp_origin", `= ${originWords[origin]}`, origin === "igp"),
    match.med && rangeWords("bgp_med", match.med, 0),
    match.localPref && rangeWords("bgp_local_pref", match.localPref, 100),
  ].filter((words) => words !== undefined);
}

const oneOf = (conditions: readonly string[]) =>
  conditions.length === 0 ? "false" : `(${conditions.join(" || ")})`;

/** A filter that looks at a number which is not there ends in an error. */
function numberWords(name: string, words: string, holdsWithout: boolean): string {
  const holds = `${name} ${words}`;
  return holdsWithout ? `(!defined(${name}) || ${holds})` : `(defined(${name}) && ${holds})`;
}

function rangeWords(name: string, { min, max }: NumberRange, usual: number): string {
  return numberWords(name, `~ [ ${min}..${max} ]`, min <= usual && usual <= max);
}

/** A pattern that has none was a mistake in the topology. */
const masksOf = (pattern: string) => asPathMasks(pattern) ?? [];

function maskWords(mask: AsPathMask): string {
  const steps = mask.map((step) => {
    if (step.type === "any") return "*";
    const one = step.asns === null ? "?" : `[ ${step.asns.join(", ")} ]`;
    return step.repeats ? `${one} +` : one;
  });
  return `[= ${steps.join(" ")} =]`;
}

/** How the protocols are called that are the sessions with some peers. */
function protocolsOf(
  known: readonly Item<"peers">[],
  { router, peers }: { router: RouterConfig; peers: Peers },
): string[] {
  return router.sessions.flatMap((session, index) => {
    const peer = peers({ router: router.name, ifname: session.ifname });
    const isKnown =
      known.includes(session.ifname) || known.includes(peerAsn(session, { own: router.asn, peer }));
    return isKnown ? [birdSessionName(index)] : [];
  });
}
