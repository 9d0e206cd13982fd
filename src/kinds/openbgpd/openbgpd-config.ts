import type { Role, RouterConfig, SessionConfig } from "../../bgp/config/config.ts";
import type { Asn } from "../../net/asn.ts";
import { type Peer, type Peers, peerAsn } from "../peers.ts";
import { openbgpdFilters } from "./openbgpd-filters.ts";

/**
 * The configuration of OpenBGPD 7.7.
 *
 * It knows one time between two dials for all sessions: that of the session that waits least.
 */
export function openbgpdConfig(
  router: RouterConfig,
  { peers, socket }: { peers: Peers; socket: string },
): string {
  const { name, asn, routerId, originate, sessions } = router;
  const neighbors = sessions.map((session) => {
    const peer = peers({ router: name, ifname: session.ifname });
    return { session, router, peer, own: asn, address: `${peer.linkLocal}%${session.ifname}` };
  });
  return [
    `AS ${asn}`,
    `router-id ${routerId}`,
    `socket "${socket}"`,
    `connect-retry ${Math.min(...sessions.map(({ timers }) => timers.connectRetryTime), 120)}`,
    "fib-update no",
    "listen on ::",
    ...originate.map((prefix) => `network ${prefix}`),
    ...neighbors.flatMap(neighbor),
    // The last rule that matches holds; without one nothing passes.
    "allow from any",
    "allow to any",
    "match to any set nexthop self",
    ...neighbors.flatMap(openbgpdFilters),
    "",
  ].join("\n");
}

/** A session, and who is at both of its ends. */
interface Neighbor {
  readonly session: SessionConfig;
  readonly router: RouterConfig;
  readonly peer: Peer;
  readonly own: Asn;
  /** As it is written, with the interface. */
  readonly address: string;
}

/** What it calls our roles (RFC 9234 §4.1). */
const roles: Readonly<Record<Role, string>> = {
  provider: "provider",
  customer: "customer",
  "rs-server": "rs",
  "rs-client": "rs-client",
  peer: "peer",
};

function neighbor({ session, router: { clusterId, routerId }, peer, own, address }: Neighbor): string[] {
  const { ifname, timers, passive, md5Key, minHopLimit, enforceFirstAs, role, strictRole, addPath } = session;
  const remote = peerAsn(session, { own, peer });
  const external = remote !== own;
  return [
    `neighbor ${address} {`,
    `  remote-as ${remote}`,
    // By it the session is known again: a scoped address is not told as it is written here.
    `  descr "${ifname}"`,
    `  holdtime ${timers.holdTime}`,
    "  announce IPv4 none",
    "  announce IPv6 unicast",
    "  announce enhanced refresh yes",
    ...(addPath === "receive" || addPath === "both" ? ["  announce add-path recv yes"] : []),
    ...(addPath === "send" || addPath === "both" ? ["  announce add-path send all"] : []),
    ...(passive ? ["  passive"] : []),
    ...(md5Key === null ? [] : [`  tcp md5sig password "${md5Key}"`]),
    ...(minHopLimit === null ? [] : ["  ttl-security yes"]),
    ...(external || !session.routeReflectorClient ? [] : [`  route-reflector ${clusterId ?? routerId}`]),
    ...(session.prefixLimit === null ? [] : [`  max-prefix ${session.prefixLimit}`]),
    ...(external ? [`  enforce neighbor-as ${enforceFirstAs ? "yes" : "no"}`] : []),
    ...(role === null || !external
      ? []
      : [`  announce policy ${roles[role]}${strictRole ? " enforce" : ""}`]),
    "}",
  ];
}
