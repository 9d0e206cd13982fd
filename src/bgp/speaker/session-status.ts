import type { TcpDrops } from "../../linux/tcp-drops.ts";
import type { Address } from "../../net/address.ts";
import { unreachable } from "../../std/errors.ts";
import type { SessionStatus } from "../control/status.ts";
import type { SessionTimer } from "../session/action.ts";
import type { Negotiated } from "../session/negotiation.ts";
import { type Connection, connectionsOf, connectionTitle, type State, stateTitle } from "../session/state.ts";
import type { BgpConnection } from "./connection.ts";
import type { LinkState } from "./host.ts";
import type { Neighborhood } from "./neighbors.ts";
import { rfcName } from "./state-name.ts";
import type { Timer } from "./timer.ts";

/** All that a session's status is made of. */
export interface SessionView {
  readonly ifname: string;
  /** Its address, where the session is told. */
  readonly peer: Address | null;
  readonly state: State;
  readonly link: LinkState | undefined;
  readonly neighborhood: Neighborhood;
  readonly timers: Readonly<Record<SessionTimer, Timer>>;
  connection(of: Connection): BgpConnection | undefined;
  /** What guards dropped on the whole router, if that may be why nobody answers. */
  drops(): TcpDrops | undefined;
}

const progress = { "open delayed": -1, "open sent": 0, "open confirm": 1, established: 2 };

/** The connection that is furthest. */
export function leadingConnection(state: State): Connection | undefined {
  return connectionsOf(state).toSorted((a, b) => progress[b.phase] - progress[a.phase])[0];
}

/** What a connection's two OPENs settled, if both are there. */
export function negotiatedOn(connection: Connection): Negotiated | undefined {
  return "negotiated" in connection ? connection.negotiated : undefined;
}

/** The state of the session and of the connection that is furthest. */
export function describeConnection(view: SessionView) {
  const leading = leadingConnection(view.state);
  const connection = leading && view.connection(leading);
  const negotiated = leading && negotiatedOn(leading);
  return {
    state: rfcName(leading ? connectionTitle(leading) : stateTitle(view.state)),
    peerAsn: negotiated?.peer.asn ?? null,
    peerRouterId: negotiated?.peer.routerId ?? null,
    peerHostname: negotiated?.hostname ?? null,
    peerAddress: connection?.peer.address ?? view.peer ?? view.neighborhood.heard[0] ?? null,
    localAddress: connection?.local?.address ?? view.link?.linkLocal ?? null,
    neighbors: view.neighborhood.heard,
    connectionId: leading?.id ?? null,
    direction: leading?.direction ?? null,
    holdTime: negotiated?.holdTime ?? null,
    families: negotiated?.encoding.families ?? [],
    waitingFor: waitingFor(view, leading),
  } satisfies Partial<SessionStatus>;
}

function waitingFor(view: SessionView, leading: Connection | undefined): string | null {
  const { timers, state } = view;
  if (leading) return waitingForPeer(view, leading);
  switch (state.name) {
    case "idle":
      return timers.idleHold.remaining === undefined
        ? "a start"
        : `the idle hold timer (${left(timers.idleHold)})`;
    case "connect":
      return (
        obstacle(view) ??
        `the TCP connection to ${view.neighborhood.heard[0]}%${view.ifname} that it is opening${suspicion(view)}`
      );
    case "active":
      // Only a session that will dial runs this timer.
      if (timers.connectRetry.remaining === undefined) {
        return noLink(view) ?? `the peer's connection, since it is passive${suspicion(view)}`;
      }
      return (
        obstacle(view) ??
        `the connect retry timer (${left(timers.connectRetry)}), or the peer's connection${suspicion(view)}`
      );
    default:
      return null;
  }
}

/** What keeps a session from dialing at all. */
function obstacle(view: SessionView): string | undefined {
  const { heard, silence } = view.neighborhood;
  if (heard.length > 0) return noLink(view);
  const since = silence === undefined ? "" : `: ${silence}`;
  return (
    noLink(view) ??
    `a Router Advertisement${view.peer === null ? "" : ` of ${view.peer}`} on ${view.ifname}${since}`
  );
}

/** What keeps a session from having any connection. */
function noLink({ ifname, link }: SessionView): string | undefined {
  if (!link) return `an interface ${ifname}, which does not exist`;
  if (!link.running) return `interface ${ifname}, which ${stillness(link)}`;
  return link.linkLocal ? undefined : `a link-local address on ${ifname}`;
}

function stillness({ up }: LinkState): string {
  if (up === undefined) return "is down or has no carrier";
  return up ? "has no carrier" : "is down";
}

/** Segments that are dropped are never answered, and the kernel names no interface. */
function suspicion({ drops }: SessionView): string {
  const { md5 = 0, hopLimit = 0 } = drops() ?? {};
  const counts = [
    ...(md5 > 0 ? [`${md5} for their TCP-MD5 signature, or for having none`] : []),
    ...(hopLimit > 0 ? [`${hopLimit} for too small a hop limit (GTSM)`] : []),
  ];
  return counts.length > 0 ? `; this router dropped segments: ${counts.join(", ")}` : "";
}

function waitingForPeer(view: SessionView, leading: Connection): string | null {
  const { hold, delayOpen } = view.connection(leading)?.timers ?? {};
  const until = hold?.remaining === undefined ? "" : ` (hold timer: ${left(hold)})`;
  switch (leading.phase) {
    case "open delayed":
      return `the peer's OPEN${delayOpen ? `, or the delay open timer (${left(delayOpen)})` : ""}`;
    case "open sent":
      return `the peer's OPEN${until}`;
    case "open confirm":
      return `the peer's KEEPALIVE${until}`;
    case "established":
      return null;
    default:
      return unreachable(leading);
  }
}

const left = (timer: Timer) => `${(timer.remaining ?? 0).toFixed(1)} s left`;
