import type { Endpoint } from "../net/endpoint.ts";
import { formatSessionEnd, type SessionEnd, sessionName } from "../net/session-name.ts";
import type { Plan } from "./plan.ts";

/** An end of a session, by its interface as well as by its name. */
export interface SessionPeer extends Endpoint, SessionEnd {}

/** The other end of each session that a plan may have, by `r1:eth0` or `r1:eth0/fe80::3`, whether or not it must come up. */
export function sessionPeers({
  links,
  segments,
}: Pick<Plan, "links" | "segments">): Map<string, SessionPeer> {
  const peers = new Map<string, SessionPeer>();
  for (const { ends } of links) {
    const [a, b] = [wireEnd(ends[0]), wireEnd(ends[1])];
    peers.set(formatSessionEnd(a), b);
    peers.set(formatSessionEnd(b), a);
  }
  for (const { ends } of segments) {
    for (const near of ends) {
      for (const far of ends) {
        if (far.router === near.router) continue;
        const session = sessionName({ ifname: near.ifname, peer: far.linkLocal });
        const back = sessionName({ ifname: far.ifname, peer: near.linkLocal });
        const peer = { router: far.router, ifname: far.ifname, session: back };
        peers.set(formatSessionEnd({ router: near.router, session }), peer);
      }
    }
  }
  return peers;
}

const wireEnd = ({ router, ifname }: Endpoint): SessionPeer => ({ router, ifname, session: ifname });
