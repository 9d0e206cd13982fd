import type { Endpoint } from "../net/endpoint.ts";
import { formatSessionEnd, sessionName } from "../net/session-name.ts";
import type { Plan } from "./plan.ts";

/** The other end of each session that a plan may have, by `r1:eth0` or `r1:eth0/fe80::3`, whether or not it must come up. */
export function sessionPeers({ links, segments }: Pick<Plan, "links" | "segments">): Map<string, Endpoint> {
  const peers = new Map<string, Endpoint>();
  for (const { ends } of links) {
    const [a, b] = ends;
    peers.set(formatSessionEnd({ router: a.router, session: a.ifname }), b);
    peers.set(formatSessionEnd({ router: b.router, session: b.ifname }), a);
  }
  for (const { ends } of segments) {
    for (const { router, ifname } of ends) {
      for (const peer of ends) {
        const session = sessionName({ ifname, peer: peer.linkLocal });
        if (peer.router !== router) peers.set(formatSessionEnd({ router, session }), peer);
      }
    }
  }
  return peers;
}
