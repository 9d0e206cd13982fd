import type { RouterConfig, SessionConfig } from "../../bgp/config/config.ts";
import type { SessionStatus, Status } from "../../bgp/control/status.ts";
import { type Family, parseAddress, parseRouterId } from "../../net/address.ts";
import { isAsn } from "../../net/asn.ts";
import { sessionName } from "../../net/session-name.ts";
import { stateNamed } from "../state.ts";
import { readFrrRoutes } from "./frr-routes.ts";

/** What `show bgp neighbors json` says of one neighbor, as far as it is read. */
interface Neighbor {
  readonly bgpState?: string;
  readonly remoteAs?: number;
  readonly remoteRouterId?: string;
  readonly hostname?: string;
  readonly bgpNeighborAddr?: string;
  readonly hostLocal?: string;
  readonly portLocal?: number;
  readonly hostForeign?: string;
  readonly portForeign?: number;
  readonly bgpTimerHoldTimeMsecs?: number;
  readonly connectionsEstablished?: number;
  readonly lastResetDueTo?: string;
  readonly lastNotificationReason?: string;
  readonly neighborCapabilities?: {
    readonly multiprotocolExtensions?: Readonly<Record<string, { readonly advertisedAndReceived?: boolean }>>;
  };
}

/**
 * A router's status out of what bgpd and the kernel print.
 *
 * @param outputs of `show bgp neighbors json`, `show bgp ipv4 unicast json` and `show bgp ipv6 unicast json`, all in one,
 *   and of `ip -json route` for IPv4 and IPv6; the rest is not read
 */
export function readFrrStatus(router: RouterConfig, outputs: readonly string[]): Status {
  const [bgp = "", ...kernel] = outputs;
  const [neighbors = "{}", ...tables] = bgp.split(/^(?=\{$)/m);
  const known = JSON.parse(neighbors) as Readonly<Record<string, Neighbor>>;
  return {
    routers: [{ router: router.name, asn: router.asn, routerId: router.routerId }],
    sessions: router.sessions.map((session) => readSession(router, session, known[session.ifname])),
    routes: readFrrRoutes(tables, { kernel, neighbors: addressesOf(known) }).map((route) => ({
      router: router.name,
      ...route,
    })),
  };
}

/** Interfaces by the address that is behind them: routers may have one address on many links. */
function addressesOf(known: Readonly<Record<string, Neighbor>>): Map<string, string[]> {
  const entries = Object.entries(known);
  const byAddress = Map.groupBy(entries, ([, { bgpNeighborAddr = "" }]) => bgpNeighborAddr);
  return new Map([...byAddress].map(([address, list]) => [address, list.map(([ifname]) => ifname)]));
}

function readSession(
  router: RouterConfig,
  session: SessionConfig,
  neighbor: Neighbor | undefined,
): SessionStatus {
  const state = stateNamed(neighbor?.bgpState);
  const established = state === "Established";
  const routerId = parseRouterId(neighbor?.remoteRouterId ?? "") ?? null;
  const met = routerId !== null && routerId !== "0.0.0.0";
  const count = neighbor?.connectionsEstablished ?? 0;
  const { portLocal, portForeign, remoteAs = 0, bgpTimerHoldTimeMsecs } = neighbor ?? {};
  return {
    router: router.name,
    ifname: session.ifname,
    session: sessionName(session),
    state,
    since: null,
    peerAsn: met && isAsn(remoteAs) ? remoteAs : null,
    peerRouterId: met ? routerId : null,
    peerHostname: neighbor?.hostname ?? null,
    peerAddress: parseAddress(neighbor?.bgpNeighborAddr ?? "") ?? null,
    localAddress: parseAddress(neighbor?.hostLocal ?? "") ?? null,
    neighbors: [],
    connectionId: established ? `${count} ${portLocal} ${portForeign}` : null,
    direction: established ? (portLocal === 179 ? "inbound" : "outbound") : null,
    holdTime: established && bgpTimerHoldTimeMsecs !== undefined ? bgpTimerHoldTimeMsecs / 1000 : null,
    families: familiesOf(neighbor),
    establishedCount: count,
    lastError: neighbor?.lastNotificationReason ?? null,
    waitingFor: established ? null : waitingFor(session, neighbor),
    history: [],
  };
}

function familiesOf(neighbor: Neighbor | undefined): Family[] {
  const extensions = neighbor?.neighborCapabilities?.multiprotocolExtensions;
  return ([4, 6] as const).filter((family) => extensions?.[`ipv${family}Unicast`]?.advertisedAndReceived);
}

function waitingFor({ ifname }: SessionConfig, neighbor: Neighbor | undefined): string {
  if (neighbor === undefined) return "FRR to know of it";
  if (neighbor.bgpState !== "Idle") return "its peer's answer";
  const reason = neighbor.lastResetDueTo;
  if (reason === "Waiting for Peer IPv6 LLA") return `a Router Advertisement on ${ifname}`;
  return reason === undefined ? "its next attempt" : `its next attempt (${reason})`;
}
