import type { RouterConfig, SessionConfig } from "../../bgp/config/config.ts";
import type { SessionStatus, Status } from "../../bgp/control/status.ts";
import { type Family, parseAddress, parseRouterId } from "../../net/address.ts";
import { isAsn } from "../../net/asn.ts";
import { parsePrefix } from "../../net/prefix.ts";
import { sessionName } from "../../net/session-name.ts";
import { learned, noTable, originated, type Route } from "../route.ts";
import { stateNamed } from "../state.ts";

/** What `bgpctl -j show neighbor` says of one neighbor, as far as it is read. */
interface Neighbor {
  readonly remote_as?: string;
  readonly description?: string;
  readonly remote_addr?: string;
  readonly bgpid?: string;
  readonly state?: string;
  readonly last_error_received?: string;
  readonly last_error_sent?: string;
  readonly session?: {
    readonly holdtime?: number;
    readonly local?: { readonly address?: string; readonly port?: number };
    readonly remote?: { readonly port?: number };
    readonly capabilities?: { readonly multiprotocol?: readonly string[] };
  };
}

/** What `bgpctl -j show rib` says of one path, as far as it is read. */
interface RibPath {
  readonly prefix?: string;
  readonly aspath?: string;
  readonly exit_nexthop?: string;
  readonly best?: boolean;
  readonly neighbor?: { readonly description?: string };
}

/**
 * A router's status out of what bgpctl prints.
 *
 * It does not tell how often a session was established: `establishedCount` is 1 while it is and 0 otherwise, and the ports of
 * the connection, which are others after each loss, are in `connectionId`.
 *
 * @param outputs of `bgpctl -j show neighbor` and `bgpctl -j show rib`
 */
export function readOpenbgpdStatus(
  router: RouterConfig,
  [sessions = "{}", rib = "{}"]: readonly string[],
): Status {
  const { neighbors = [] } = JSON.parse(sessions) as { neighbors?: readonly Neighbor[] };
  const { rib: paths = [] } = JSON.parse(rib) as { rib?: readonly RibPath[] };
  return {
    routers: [{ router: router.name, asn: router.asn, routerId: router.routerId }],
    sessions: router.sessions.map((session) => ({
      router: router.name,
      ...readSession(
        session,
        neighbors.find(({ description }) => description === session.ifname),
      ),
    })),
    routes: paths
      .filter(({ best }) => best)
      .flatMap(readRoute)
      .map((route) => ({ router: router.name, ...route })),
  };
}

function readSession(session: SessionConfig, neighbor: Neighbor | undefined): Omit<SessionStatus, "router"> {
  const state = stateNamed(neighbor?.state);
  const established = state === "Established";
  const { holdtime, local, remote, capabilities } = neighbor?.session ?? {};
  const asn = Number(neighbor?.remote_as);
  const routerId = parseRouterId(neighbor?.bgpid ?? "") ?? null;
  const met = established && routerId !== null;
  return {
    ifname: session.ifname,
    session: sessionName(session),
    state,
    since: null,
    peerAsn: met && isAsn(asn) ? asn : null,
    peerRouterId: met ? routerId : null,
    peerHostname: null,
    peerAddress: addressOf(neighbor?.remote_addr),
    localAddress: addressOf(local?.address),
    neighbors: [],
    connectionId: established ? `${local?.port} ${remote?.port}` : null,
    direction: established ? (local?.port === 179 ? "inbound" : "outbound") : null,
    holdTime: established ? (holdtime ?? null) : null,
    families: established ? familiesOf(capabilities?.multiprotocol) : [],
    establishedCount: established ? 1 : 0,
    lastError: neighbor?.last_error_received ?? neighbor?.last_error_sent ?? null,
    waitingFor: established ? null : waitingFor(session, neighbor),
    history: [],
  };
}

/** Without the interface, whose name is looked up in the wrong namespace. */
function addressOf(text: string | undefined): SessionStatus["peerAddress"] {
  return parseAddress(text?.split("%")[0] ?? "") ?? null;
}

function familiesOf(names: readonly string[] = []): Family[] {
  return ([4, 6] as const).filter((family) => names.includes(`IPv${family} unicast`));
}

function waitingFor({ ifname, passive }: SessionConfig, neighbor: Neighbor | undefined): string {
  if (neighbor === undefined) return "OpenBGPD to know of it";
  if (passive) return `a connection from its peer on ${ifname}`;
  return neighbor.state === "Idle" ? "its next attempt" : "its peer's answer";
}

function readRoute({ prefix: network = "", aspath = "", exit_nexthop = "", neighbor }: RibPath): Route[] {
  const prefix = parsePrefix(network);
  if (typeof prefix !== "string") return [];
  const via = neighbor?.description ?? "";
  if (via === "LOCAL") return [originated(prefix)];
  const nextHop = addressOf(exit_nexthop);
  return [learned({ prefix, via, nextHop, asPath: aspath, decidedBy: "OpenBGPD's choice", kernel: noTable })];
}
