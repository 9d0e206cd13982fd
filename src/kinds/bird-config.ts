import type { RouterConfig, SessionConfig } from "../bgp/config/config.ts";
import type { Prefix } from "../net/prefix.ts";
import { birdPolicy } from "./bird-policy.ts";
import { birdSessionName } from "./bird-session-name.ts";
import { type Peers, peerAsn } from "./peers.ts";

/**
 * BIRD 2.0's configuration for a router.
 *
 * BIRD cannot discover its peers, and is told their addresses; it sends Router Advertisements so that they find it.
 */
export function birdConfig(router: RouterConfig, peers: Peers): string {
  return [
    "log stderr all;",
    "timeformat protocol iso long ms;",
    `router id ${router.routerId};`,
    "protocol device { scan time 1; }",
    ...kernel("ipv4", router),
    ...kernel("ipv6", router),
    ...originate(
      "ipv4",
      router.originate.filter((prefix) => !prefix.includes(":")),
    ),
    ...originate(
      "ipv6",
      router.originate.filter((prefix) => prefix.includes(":")),
    ),
    ...router.sessions.flatMap(advertisements),
    ...router.sessions.flatMap((session, index) => bgp(session, { index, router, peers })),
    "",
  ].join("\n");
}

/** Only what BGP brought goes to the kernel, which keeps the originated addresses on `lo`. */
function kernel(channel: string, { sessions }: RouterConfig): string[] {
  const restarts = sessions.some(({ gracefulRestart }) => gracefulRestart === "full");
  return [
    `protocol kernel kernel_${channel} {`,
    "  learn off;",
    "  persist off;",
    // Without it, a BIRD that starts again takes its routes out of the kernel before its peers have told theirs.
    ...(restarts ? ["  graceful restart on;"] : []),
    `  ${channel} { import none; export where source = RTS_BGP; };`,
    "}",
  ];
}

function originate(channel: string, prefixes: readonly Prefix[]): string[] {
  if (prefixes.length === 0) return [];
  return [
    `protocol static originate_${channel} {`,
    `  ${channel};`,
    ...prefixes.map((prefix) => `  route ${prefix} blackhole;`),
    "}",
  ];
}

/** As often as BIRD allows; lifetime 0 is a router to peer with, not a default route (RFC 4861 §6.2.1). */
function advertisements({ ifname, routerLifetime }: SessionConfig): string[] {
  const intervals = "min ra interval 3; max ra interval 4; min delay 1;";
  return [
    "protocol radv {",
    `  interface "${ifname}" { ${intervals} default lifetime ${routerLifetime}; };`,
    "}",
  ];
}

interface Place {
  readonly index: number;
  readonly router: RouterConfig;
  readonly peers: Peers;
}

function bgp(session: SessionConfig, { index, router, peers }: Place): string[] {
  const { name, asn, clusterId } = router;
  const { ifname, passive, md5Key, minHopLimit, families, role, strictRole, timers } = session;
  const peer = peers({ router: name, ifname });
  const remote = peerAsn(session, { own: asn, peer });
  const internal = remote === asn;
  return [
    `protocol bgp ${birdSessionName(index)} {`,
    `  local as ${asn};`,
    `  neighbor ${peer.linkLocal} as ${remote};`,
    `  interface "${ifname}";`,
    "  direct;",
    ...(passive ? ["  passive yes;"] : []),
    "  deterministic med yes;",
    "  enable extended messages yes;",
    ...(md5Key === null ? [] : [`  password "${md5Key}";`]),
    ...(minHopLimit === null ? [] : ["  ttl security yes;"]),
    ...(role === null || internal ? [] : [`  local role ${role.replace("-", "_")};`]),
    ...(role === null || internal || !strictRole ? [] : ["  require roles yes;"]),
    ...(session.allowOwnAs === 0 ? [] : [`  allow local as ${session.allowOwnAs};`]),
    ...(session.routeReflectorClient && internal ? ["  rr client;"] : []),
    ...(clusterId === null || !internal ? [] : [`  rr cluster id ${clusterId};`]),
    ...gracefulRestart(session),
    // FRR asks for it, and BIRD would keep routes of a peer that is gone for good.
    "  long lived graceful restart off;",
    `  hold time ${timers.holdTime};`,
    ...(timers.holdTime === 0 ? [] : [`  keepalive time ${timers.keepaliveTime};`]),
    `  connect retry time ${Math.max(1, timers.connectRetryTime)};`,
    "  connect delay time 1;",
    "  error wait time 1, 2;",
    ...(families.includes(4)
      ? [`  ipv4 { ${birdPolicy(session, { family: 4, router, peers })} extended next hop yes; };`]
      : []),
    ...(families.includes(6) ? [`  ipv6 { ${birdPolicy(session, { family: 6, router, peers })} };`] : []),
    "}",
  ];
}

/** BIRD's own default is to help. */
function gracefulRestart({ gracefulRestart: part, timers }: SessionConfig): string[] {
  if (part === "helper") return [];
  if (part === "off") return ["  graceful restart off;"];
  return ["  graceful restart on;", `  graceful restart time ${timers.restartTime};`];
}
