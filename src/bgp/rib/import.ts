import { type Family, isLinkLocal } from "../../net/address.ts";
import type { Asn } from "../../net/asn.ts";
import type { NextHop, PathAttributes } from "../wire/message.ts";
import { hasCommunity } from "./communities.ts";
import { isExternal, type Local } from "./local.ts";
import { receiveOtc } from "./only-to-customer.ts";
import type { Path } from "./path.ts";
import type { Peer, PeerPolicy } from "./route.ts";

/** What is made of a path that a peer told: its attributes and its next hop if that is another now, or why it may not be used, as a text for people. */
export type Imported =
  | { readonly type: "usable"; readonly attributes: PathAttributes; readonly nextHop?: NextHop | undefined }
  | { readonly type: "unusable"; readonly why: string };

/** Takes in a path, whatever its prefix; the peer's import policy has its say afterwards. */
export function importPath({ attributes, nextHop }: Path, peer: Peer, local: Local): Imported {
  const why =
    whyLooping(attributes, peer, local) ??
    whyRefused(attributes, peer, local) ??
    whyUnreachable(nextHop, peer);
  if (why !== undefined) return { type: "unusable", why };
  const marked = receiveOtc(withLocalPref(attributes, peer, local), peer, local);
  if (!marked) return { type: "unusable", why: "route leak" };
  return { type: "usable", attributes: marked };
}

/** Why a prefix may not be used, whatever its path; undefined if it may. */
export function whyUnwanted(prefix: { family: Family; firstWord: number }, peer: Peer): string | undefined {
  if (!peer.families.includes(prefix.family)) return "family not negotiated";
  return isForwardable(prefix) ? undefined : "no unicast prefix";
}

/** RFC 4271 §9.1.2, RFC 4456 §8. */
function whyLooping(attributes: PathAttributes, { policy }: Peer, local: Local): string | undefined {
  if (isTooOften(local.asn, attributes, policy)) return "AS loop";
  if (attributes.originatorId === local.routerId) return "ORIGINATOR_ID is ours";
  return attributes.clusterList?.includes(local.clusterId) ? "CLUSTER_LIST loop" : undefined;
}

function isTooOften(asn: Asn, { asPath }: PathAttributes, { allowOwnAs }: PeerPolicy): boolean {
  let times = 0;
  for (const { asns } of asPath) {
    // Mostly it is not there, which is found out fastest like this.
    if (asns.includes(asn)) for (const each of asns) if (each === asn) times++;
  }
  return times > allowOwnAs;
}

function whyRefused({ asPath: [first] }: PathAttributes, peer: Peer, local: Local): string | undefined {
  if (!isExternal(peer, local)) return undefined;
  const { enforceFirstAs, requirePolicy } = peer.policy;
  // RFC 4271 §6.3
  const isFirst = first?.type === "sequence" && first.asns[0] === peer.asn;
  if (enforceFirstAs && !isFirst) return "first AS is not the peer's";
  return requirePolicy && peer.policy.import === null ? "no import policy (RFC 8212)" : undefined;
}

/**
 * Why packets cannot go by a next hop; undefined if they can.
 *
 * An unnumbered link reaches link-local addresses only, so a next hop without one (RFC 2545 §3, RFC 8950 §3) leads
 * nowhere; nor does one that is our own (RFC 4271 §5.1.3).
 */
export function whyUnreachable(nextHop: NextHop | undefined, peer: Peer): string | undefined {
  const linkLocal = nextHop?.linkLocal;
  if (linkLocal === undefined || !isLinkLocal(linkLocal)) return "next hop unreachable";
  return linkLocal === peer.localAddress ? "next hop is our own" : undefined;
}

/** LOCAL_PREF from another AS is ignored (RFC 4271 §5.1.5); our policy for the peer goes over any, and a shutdown over that. */
function withLocalPref(attributes: PathAttributes, peer: Peer, local: Local): PathAttributes {
  const told = isExternal(peer, local) ? undefined : attributes.localPref;
  const localPref = hasCommunity(attributes, "gracefulShutdown") ? 0 : (peer.policy.localPref ?? told);
  if (localPref === attributes.localPref) return attributes;
  const { localPref: _, ...rest } = attributes;
  return localPref === undefined ? rest : { ...rest, localPref };
}

/** Multicast and link-local prefixes are no destinations to route (RFC 4271 §6.3: to be ignored). */
function isForwardable({ family, firstWord }: { family: Family; firstWord: number }): boolean {
  if (family === 4) return firstWord >>> 28 !== 0xe;
  return firstWord >>> 24 !== 0xff && firstWord >>> 22 !== 0xfe80 >>> 6;
}
