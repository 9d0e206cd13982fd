import type { RouterConfig, SessionConfig } from "../../bgp/config/config.ts";
import { prefixFamily } from "../../net/prefix.ts";
import { type Peer, type Peers, peerAsn } from "../peers.ts";
import { gobgpPolicy, policyName } from "./gobgp-policy.ts";

/** How a neighbor is called: its address is known from the plan, for GoBGP looks for it only once, when it starts. */
export function gobgpNeighbor({ ifname }: Pick<SessionConfig, "ifname">, { linkLocal }: Peer): string {
  return `${linkLocal}%${ifname}`;
}

/** The configuration of GoBGP 3.10, in TOML. */
export function gobgpConfig(router: RouterConfig, peers: Peers): string {
  const { name, asn, routerId, sessions } = router;
  const neighbors = sessions.map((session) => ({
    session,
    peer: peers({ router: name, ifname: session.ifname }),
  }));
  const lists = (["import", "export"] as const).map((direction) => {
    const names = sessions.map((session) => `"${policyName(session, direction)}"`);
    return `  ${direction}-policy-list = [${names.join(", ")}]`;
  });
  return [
    "[global.config]",
    `  as = ${asn}`,
    `  router-id = "${routerId}"`,
    "[global.route-selection-options.config]",
    // Without it, the older of two routes stays.
    "  external-compare-router-id = true",
    "[global.apply-policy.config]",
    ...lists,
    ...neighbors.flatMap(({ session, peer }) => neighbor(session, { router, peer })),
    ...neighbors.flatMap(({ session, peer }) => gobgpPolicy(session, { router, peer })),
    "",
  ].join("\n");
}

/** What a router originates, a line each: the family in GoBGP's words, and the prefix. */
export function gobgpPrefixes({ originate }: RouterConfig): string {
  return originate.map((prefix) => `ipv${prefixFamily(prefix)} ${prefix}\n`).join("");
}

function neighbor(session: SessionConfig, { router, peer }: { router: RouterConfig; peer: Peer }): string[] {
  const { families, passive, minHopLimit, allowOwnAs, timers } = session;
  const remote = peerAsn(session, { own: router.asn, peer });
  return [
    "[[neighbors]]",
    "  [neighbors.config]",
    `    neighbor-address = "${gobgpNeighbor(session, peer)}"`,
    `    peer-as = ${remote}`,
    "  [neighbors.timers.config]",
    `    hold-time = ${timers.holdTime}`,
    `    keepalive-interval = ${timers.keepaliveTime}`,
    `    connect-retry = ${timers.connectRetryTime}`,
    "    idle-hold-time-after-reset = 1",
    ...(passive ? ["  [neighbors.transport.config]", "    passive-mode = true"] : []),
    ...(minHopLimit === null ? [] : ["  [neighbors.ttl-security.config]", "    enabled = true"]),
    ...(allowOwnAs === 0 ? [] : ["  [neighbors.as-path-options.config]", `    allow-own-as = ${allowOwnAs}`]),
    ...(remote === router.asn ? reflector(session, router) : []),
    ...gracefulRestart(session),
    ...families.flatMap((family) => [
      "  [[neighbors.afi-safis]]",
      "    [neighbors.afi-safis.config]",
      `      afi-safi-name = "ipv${family}-unicast"`,
      ...(session.gracefulRestart === "full"
        ? ["    [neighbors.afi-safis.mp-graceful-restart.config]", "      enabled = true"]
        : []),
      ...addPaths(session),
      ...(session.prefixLimit === null
        ? []
        : ["    [neighbors.afi-safis.prefix-limit.config]", `      max-prefixes = ${session.prefixLimit}`]),
    ]),
  ];
}

/** Its own default is neither to help nor to ask for help. */
function gracefulRestart({ gracefulRestart: part, timers }: SessionConfig): string[] {
  if (part === "off") return [];
  return [
    "  [neighbors.graceful-restart.config]",
    "    enabled = true",
    ...(part === "helper"
      ? ["    helper-only = true"]
      : [`    restart-time = ${timers.restartTime}`, `    deferral-time = ${DEFERRAL_TIME}`]),
  ];
}

/**
 * Seconds for which it waits for the End-of-RIB of its peers before it tells anything, of families too that a peer has not; its own
 * default is 360.
 */
const DEFERRAL_TIME = 10;

function addPaths({ addPath }: SessionConfig): string[] {
  if (addPath === "off") return [];
  return [
    "    [neighbors.afi-safis.add-paths.config]",
    ...(addPath === "send" ? [] : ["      receive = true"]),
    ...(addPath === "receive" ? [] : [`      send-max = ${MOST_PATHS}`]),
  ];
}

/** As many paths as GoBGP can count. */
const MOST_PATHS = 255;

function reflector({ routeReflectorClient }: SessionConfig, { clusterId, routerId }: RouterConfig): string[] {
  if (!routeReflectorClient) return [];
  return [
    "  [neighbors.route-reflector.config]",
    "    route-reflector-client = true",
    `    route-reflector-cluster-id = "${clusterId ?? routerId}"`,
  ];
}
