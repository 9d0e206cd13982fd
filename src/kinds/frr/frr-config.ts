import type { RouterConfig, SessionConfig } from "../../bgp/config/config.ts";
import type { Asn } from "../../net/asn.ts";
import { prefixFamily } from "../../net/prefix.ts";
import { type Peers, peerAsn } from "../peers.ts";
import { frrPolicy } from "./frr-policy.ts";

/** What zebra is told: how it offers itself as a default router (RFC 4861 §6.2.1), since bgpd makes it advertise. */
export function zebraConfig({ name, sessions }: RouterConfig): string {
  return [
    `hostname ${name}`,
    ...sessions.flatMap(({ ifname, routerLifetime }) => [
      `interface ${ifname}`,
      ` ipv6 nd ra-lifetime ${routerLifetime}`,
      "exit",
    ]),
    "",
  ].join("\n");
}

/** What bgpd of FRR 8.4 is told. Its peers are its interfaces: it finds them by their Router Advertisements. */
export function bgpdConfig(router: RouterConfig, peers: Peers): string {
  const { name, asn, routerId, clusterId, multipath, sessions } = router;
  const neighbors = sessions.map((session) => {
    const peer = peers({ router: name, ifname: session.ifname });
    return { session, peer, policy: frrPolicy(session, { router, peer }) };
  });
  return [
    `hostname ${name}`,
    `router bgp ${asn}`,
    ` bgp router-id ${routerId}`,
    ...(clusterId === null ? [] : [` bgp cluster-id ${clusterId}`]),
    " bgp log-neighbor-changes",
    " no bgp ebgp-requires-policy",
    " no bgp network import-check",
    " no bgp default ipv4-unicast",
    // zebra keeps the routes of a bgpd that is gone.
    ...(restartsGracefully(router) ? [" bgp graceful-restart preserve-fw-state"] : []),
    " bgp deterministic-med",
    // Without it, the older of two routes stays.
    " bgp bestpath compare-routerid",
    ...(multipath.asPathRelax ? [" bgp bestpath as-path multipath-relax"] : []),
    ...neighbors.flatMap(({ session, peer }) =>
      neighbor(session, { own: asn, remoteAs: frrAs(session, peerAsn(session, { own: asn, peer })) }),
    ),
    ...([4, 6] as const).flatMap((family) => [
      ` address-family ipv${family} unicast`,
      `  maximum-paths ${multipath.maximumPaths}`,
      `  maximum-paths ibgp ${multipath.maximumPaths}`,
      ...router.originate
        .filter((prefix) => prefixFamily(prefix) === family)
        .map((prefix) => `  network ${prefix}`),
      ...neighbors
        .filter(({ session: { families } }) => families.includes(family))
        .flatMap(({ session, policy }) => [
          `  neighbor ${session.ifname} activate`,
          ...ofFamily(session, asn).map((words) => `  neighbor ${session.ifname} ${words}`),
          ...policy.applied[family],
        ]),
      " exit-address-family",
    ]),
    "exit",
    ...neighbors.flatMap(({ policy }) => policy.defined),
    "",
  ].join("\n");
}

function neighbor(session: SessionConfig, { own, remoteAs }: { own: Asn; remoteAs: string }): string[] {
  const { ifname, passive, md5Key, minHopLimit, role, strictRole, enforceFirstAs, gracefulRestart, timers } =
    session;
  const { holdTime, keepaliveTime, connectRetryTime, delayOpenTime } = timers;
  const say = (words: string) => ` neighbor ${ifname} ${words}`;
  const external = !isInternal(session, own);
  return [
    say(`interface v6only remote-as ${remoteAs}`),
    say(`timers ${keepaliveTime} ${holdTime}`),
    say(`timers connect ${connectRetryTime}`),
    ...(delayOpenTime > 0 ? [say(`timers delayopen ${delayOpenTime}`)] : []),
    ...(passive ? [say("passive")] : []),
    ...(md5Key === null ? [] : [say(`password ${md5Key}`)]),
    ...(minHopLimit === null ? [] : [say("ttl-security hops 1")]),
    ...(role === null || !external ? [] : [say(`local-role ${role}${strictRole ? " strict-mode" : ""}`)]),
    ...(enforceFirstAs ? [say("enforce-first-as")] : []),
    ...(gracefulRestart === "helper" ? [] : [say(restartWords[gracefulRestart])]),
  ];
}

/** Whether peers are asked to keep its routes while it starts again (RFC 4724). */
export function restartsGracefully({ sessions }: RouterConfig): boolean {
  return sessions.some(({ gracefulRestart }) => gracefulRestart === "full");
}

/** FRR's own default is to help. */
const restartWords = { off: "graceful-restart-disable", full: "graceful-restart" } as const;

/** What a neighbor is told of an address family; without `force`, what is reflected keeps its next hop. */
function ofFamily(session: SessionConfig, asn: Asn): string[] {
  const { allowOwnAs, routeReflectorClient, addPath } = session;
  const internal = isInternal(session, asn);
  return [
    "next-hop-self force",
    ...(allowOwnAs === 0 ? [] : [`allowas-in ${allowOwnAs}`]),
    ...(routeReflectorClient && internal ? ["route-reflector-client"] : []),
    ...(addPath === "send" || addPath === "both" ? ["addpath-tx-all-paths"] : []),
    ...(addPath === "receive" || addPath === "both" ? [] : ["disable-addpath-rx"]),
  ];
}

/** FRR knows every word of ours but "any". */
function frrAs({ remoteAs }: SessionConfig, asn: Asn): string {
  return remoteAs === "any" ? `${asn}` : `${remoteAs}`;
}

function isInternal({ remoteAs }: SessionConfig, asn: Asn): boolean {
  return remoteAs === "internal" || remoteAs === asn;
}
