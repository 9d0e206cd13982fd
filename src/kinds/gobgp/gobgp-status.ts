import type { RouterConfig, SessionConfig } from "../../bgp/config/config.ts";
import type { SessionStatus, StateName, Status } from "../../bgp/control/status.ts";
import { type Family, parseAddress, parseRouterId } from "../../net/address.ts";
import { isAsn } from "../../net/asn.ts";
import { sessionName } from "../../net/session-name.ts";
import type { Peers } from "../peers.ts";
import { gobgpNeighbor } from "./gobgp-config.ts";
import { readGobgpRoutes } from "./gobgp-routes.ts";

/** What `gobgp neighbor -j` says of one neighbor, as far as it is read; what is 0 or empty is left out. */
interface Neighbor {
  readonly conf: { readonly neighbor_address: string };
  readonly state: {
    readonly peer_asn?: number;
    readonly router_id?: string;
    readonly session_state?: number;
    readonly flops?: number;
    readonly disconnect_message?: string;
    readonly local_cap?: readonly Capability[];
    readonly remote_cap?: readonly Capability[];
  };
  readonly timers?: {
    readonly state?: {
      readonly negotiated_hold_time?: number;
      readonly uptime?: { readonly seconds?: number };
    };
  };
}

interface Capability {
  readonly type_url: string;
  /** A message of protocol buffers in Base64. */
  readonly value?: string;
}

/** The messages `{ family: { afi: 1, safi: 1 } }` and `{ family: { afi: 2, safi: 1 } }`. */
const unicast: Readonly<Record<Family, string>> = { 4: "CgQIARAB", 6: "CgQIAhAB" };

/** `apipb.PeerState.SessionState`, from 0. */
const states: readonly StateName[] = [
  "Idle",
  "Idle",
  "Connect",
  "Active",
  "OpenSent",
  "OpenConfirm",
  "Established",
];

/**
 * A router's status out of what GoBGP prints.
 *
 * It counts how often a session was lost, so it has been established once more while it is. Who opened a connection is not told.
 *
 * @param outputs of `gobgp neighbor -j`, `gobgp global rib -a ipv4 -j` and `gobgp global rib -a ipv6 -j`
 */
export function readGobgpStatus(
  router: RouterConfig,
  { outputs, peers }: { outputs: readonly string[]; peers: Peers },
): Status {
  const [neighbors = "[]", ...tables] = outputs;
  const known = JSON.parse(neighbors) as readonly Neighbor[];
  const ends = router.sessions.map((session) => {
    const peer = peers({ router: router.name, ifname: session.ifname });
    const name = gobgpNeighbor(session, peer);
    return { session, peer, neighbor: known.find(({ conf }) => conf.neighbor_address === name) };
  });
  const ifnames = new Map(ends.map(({ session, peer }) => [peer.linkLocal as string, session.ifname]));
  return {
    routers: [{ router: router.name, asn: router.asn, routerId: router.routerId }],
    sessions: ends.map(({ session, neighbor, peer }) => ({
      ...readSession(session, neighbor),
      router: router.name,
      peerAddress: parseAddress(peer.linkLocal) ?? null,
    })),
    routes: readGobgpRoutes(tables, ifnames).map((route) => ({ router: router.name, ...route })),
  };
}

function readSession(
  session: SessionConfig,
  neighbor: Neighbor | undefined,
): Omit<SessionStatus, "router" | "peerAddress"> {
  const {
    peer_asn = 0,
    router_id = "",
    session_state = 0,
    flops = 0,
    disconnect_message,
  } = neighbor?.state ?? {};
  const { negotiated_hold_time, uptime } = neighbor?.timers?.state ?? {};
  const state = states[session_state] ?? "Idle";
  const established = state === "Established";
  const routerId = parseRouterId(router_id) ?? null;
  return {
    ifname: session.ifname,
    session: sessionName(session),
    state,
    since: null,
    peerAsn: routerId !== null && isAsn(peer_asn) ? peer_asn : null,
    peerRouterId: routerId,
    peerHostname: null,
    localAddress: null,
    neighbors: [],
    connectionId: established ? `${flops} ${uptime?.seconds}` : null,
    direction: null,
    holdTime: established ? (negotiated_hold_time ?? 0) : null,
    families: familiesOf(neighbor),
    establishedCount: flops + (established ? 1 : 0),
    lastError: disconnect_message ?? null,
    waitingFor: established ? null : waitingFor(session, state),
    history: [],
  };
}

function familiesOf(neighbor: Neighbor | undefined): Family[] {
  const lists = [neighbor?.state.local_cap ?? [], neighbor?.state.remote_cap ?? []];
  return ([4, 6] as const).filter((family) =>
    lists.every((list) =>
      list.some(
        ({ type_url, value }) => type_url.endsWith("MultiProtocolCapability") && value === unicast[family],
      ),
    ),
  );
}

function waitingFor({ ifname, passive }: SessionConfig, state: StateName): string {
  if (state === "Active" && passive) return `a connection from its peer on ${ifname}`;
  return state === "Active" || state === "Idle"
    ? "its next dial, up to ten seconds away"
    : "its peer's answer";
}
