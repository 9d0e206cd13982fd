import { isExternal, type Local } from "./local.ts";
import type { Peer } from "./route.ts";

/** A text that is the same for peers that may be told with the same octets, whatever the route. */
export function exportKey(peer: Peer, local: Local): string {
  // What it is told are the routes of the others, each by itself.
  if (peer.addPathSend.length > 0) return `paths ${peer.session}`;
  const { policy } = peer;
  const external = isExternal(peer, local);
  return JSON.stringify([
    external,
    // On a shared link, next hops depend on who is told.
    peer.session === peer.ifname ? null : peer.session,
    peer.families,
    peer.extendedNextHop,
    peer.encodingKey,
    external ? peer.role : null,
    external ? null : [policy.routeReflectorClient, policy.localPref],
    external && policy.removePrivateAs ? peer.asn : null,
    external && policy.requirePolicy && policy.export === null,
    policy.gracefulShutdown,
    policy.med,
    policy.communities,
    policy.exportPrefixes && [...policy.exportPrefixes].sort(),
    policy.nextHop && [policy.nextHop.ipv4, policy.nextHop.ipv6],
    policy.export,
  ]);
}
