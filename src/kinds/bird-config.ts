import type { RouterConfig, SessionConfig } from "../bgp/config/config.ts";
import type { Prefix } from "../net/prefix.ts";
import { birdPolicy } from "./bird-policy.ts";
import { birdSessionName } from "./bird-session-name.ts";
import type { Peers } from "./peers.ts";

/**
 * BIRD 2.0's configuration for a router.
 *
 * BIRD cannot discover its peers: it listens on each interface, and sends Router Advertisements so that they find it.
 */
export function birdConfig(router: RouterConfig, peers: Peers): string {
  return [
    "log stderr all;",
    "timeformat protocol iso long ms;",
    `router id ${router.routerId};`,
    "protocol device { scan time 1; }",
    ...kernel("ipv4"),
    ...kernel("ipv6"),
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
function kernel(channel: string): string[] {
  return [
    `protocol kernel kernel_${channel} {`,
    "  learn off;",
    "  persist off;",
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
  const { asn, clusterId } = router;
  const { ifname, remoteAs, md5Key, minHopLimit, families, role, strictRole, timers } = session;
  const internal = remoteAs === "internal" || remoteAs === asn;
  return [
    `protocol bgp ${birdSessionName(index)} {`,
    `  local as ${asn};`,
    `  neighbor range fe80::/10 ${peerAs(remoteAs)};`,
    `  interface "${ifname}";`,
    "  direct;",
    "  deterministic med yes;",
    "  enable extended messages yes;",
    `  dynamic name "${birdSessionName(index)}_";`,
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

/** BIRD has no word for "any AS": between the routers of a lab that means an external one. */
function peerAs(remoteAs: SessionConfig["remoteAs"]): string {
  if (typeof remoteAs === "number") return `as ${remoteAs}`;
  return remoteAs === "internal" ? "internal" : "external";
}
