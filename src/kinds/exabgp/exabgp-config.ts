import type { RouterConfig, SessionConfig } from "../../bgp/config/config.ts";
import { prefixFamily } from "../../net/prefix.ts";
import { formatCommunity, toldCommunities } from "../community.ts";
import { type Peer, type Peers, peerAsn } from "../peers.ts";

/**
 * The configuration of ExaBGP 4.2. It only accepts: it opens no connection to a link-local address.
 *
 * @param events the file to which it appends what happens, a line of JSON each
 * @param orders a pipe with a name, from which it takes orders
 */
export function exabgpConfig(
  router: RouterConfig,
  { peers, events, orders }: { peers: Peers; events: string; orders: string },
): string {
  return [
    "process events {",
    // It takes a helper whose standard output is closed for dead. When it is dead itself, nobody must read of its sessions.
    `  run /bin/sh -c "cat ${orders} & cat 3>&1 >>${events}; rm ${events}; kill $!";`,
    "  encoder json;",
    "}",
    ...router.sessions.flatMap((session) =>
      neighbor(session, { router, peer: peers({ router: router.name, ifname: session.ifname }) }),
    ),
    "",
  ].join("\n");
}

function neighbor(session: SessionConfig, { router, peer }: { router: RouterConfig; peer: Peer }): string[] {
  const { families, linkLocal, timers, md5Key } = session;
  const remote = peerAsn(session, { own: router.asn, peer });
  return [
    `neighbor ${peer.linkLocal} {`,
    `  router-id ${router.routerId};`,
    `  local-address ${linkLocal};`,
    `  local-as ${router.asn};`,
    `  peer-as ${remote};`,
    `  hold-time ${timers.holdTime};`,
    "  passive;",
    ...(md5Key === null ? [] : [`  md5-password "${md5Key}";`]),
    `  family { ${families.map((family) => `ipv${family} unicast;`).join(" ")} }`,
    ...(families.includes(4) ? ["  nexthop { ipv4 unicast ipv6; }"] : []),
    `  capability { ${capabilities(session).join(" ")} }`,
    "  api {",
    "    processes [ events ];",
    "    neighbor-changes;",
    "    receive { parsed; update; open; notification; }",
    "  }",
    "  static {",
    ...routes(session, { router, internal: remote === router.asn }).map((route) => `    ${route};`),
    "  }",
    "}",
  ];
}

function capabilities({ families, addPath, gracefulRestart, timers }: SessionConfig): string[] {
  return [
    ...(families.includes(4) ? ["nexthop enable;"] : []),
    "route-refresh enable;",
    ...(addPath === "off" ? [] : [`add-path ${addPath === "both" ? "send/receive" : addPath};`]),
    ...(gracefulRestart === "full" ? [`graceful-restart ${timers.restartTime};`] : []),
  ];
}

/** What is told, with all that is said of it. */
function routes(
  session: SessionConfig,
  { router: { originate }, internal }: { router: RouterConfig; internal: boolean },
): string[] {
  const { families, linkLocal, exportPrefixes, med, localPref } = session;
  const communities = toldCommunities(session);
  const words = [
    ...(med === null ? [] : [`med ${med}`]),
    ...(localPref === null || !internal ? [] : [`local-preference ${localPref}`]),
    ...(communities.length === 0 ? [] : [`community [ ${communities.map(formatCommunity).join(" ")} ]`]),
  ];
  return originate
    .filter((prefix) => families.includes(prefixFamily(prefix)) && (exportPrefixes?.includes(prefix) ?? true))
    .map((prefix) => [`route ${prefix} next-hop ${linkLocal}`, ...words].join(" "));
}
