import type { Address } from "../../net/address.ts";
import { unreachable } from "../../std/errors.ts";
import type { SessionStatus, StateName } from "../control/status.ts";
import type { SessionTimer } from "../session/action.ts";
import { type Connection, connectionsOf, type State, type StateTitle, stateTitle } from "../session/state.ts";
import type { BgpConnection } from "./connection.ts";
import type { LinkState } from "./host.ts";
import type { Timer } from "./timer.ts";

/** All that a session's status is made of. */
export interface SessionView {
  readonly ifname: string;
  readonly state: State;
  readonly link: LinkState | undefined;
  readonly discovered: Address | undefined;
  readonly timers: Readonly<Record<SessionTimer, Timer>>;
  connection(of: Connection): BgpConnection | undefined;
}

const progress = { "open sent": 0, "open confirm": 1, established: 2 };

/** The state of the session and of the connection that is furthest. */
export function describeConnection(view: SessionView) {
  const [leading] = connectionsOf(view.state).toSorted((a, b) => progress[b.phase] - progress[a.phase]);
  const negotiated = leading && leading.phase !== "open sent" ? leading.negotiated : undefined;
  return {
    state: rfcName(leading?.phase ?? stateTitle(view.state)),
    peerAsn: negotiated?.peer.asn ?? null,
    peerRouterId: negotiated?.peer.routerId ?? null,
    peerAddress: (leading && view.connection(leading)?.peer.address) ?? view.discovered ?? null,
    connectionId: leading?.id ?? null,
    direction: leading?.direction ?? null,
    holdTime: negotiated?.holdTime ?? null,
    families: negotiated?.encoding.families ?? [],
    waitingFor: waitingFor(view, leading),
  } satisfies Partial<SessionStatus>;
}

const rfcNames: Record<StateTitle, StateName> = {
  idle: "Idle",
  connect: "Connect",
  active: "Active",
  "open sent": "OpenSent",
  "open confirm": "OpenConfirm",
  // Two connections: neither is up, and the peer's word decides between them.
  "connection collision": "OpenConfirm",
  "session setup": "OpenConfirm",
  established: "Established",
};

/** RFC 4271's name for a state of the log. */
export function rfcName(title: StateTitle): StateName {
  return rfcNames[title];
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
      return obstacle(view) ?? `the TCP connection to ${view.discovered}%${view.ifname} that it is opening`;
    case "active":
      return (
        obstacle(view) ?? `the connect retry timer (${left(timers.connectRetry)}), or the peer's connection`
      );
    default:
      return null;
  }
}

/** What keeps a session from dialing at all. */
function obstacle({ ifname, link, discovered }: SessionView): string | undefined {
  if (!link) return `an interface ${ifname}, which does not exist`;
  if (!link.running) return `interface ${ifname}, which is down or has no carrier`;
  if (!link.linkLocal) return `a link-local address on ${ifname}`;
  return discovered === undefined ? `a Router Advertisement on ${ifname}` : undefined;
}

function waitingForPeer(view: SessionView, leading: Connection): string | null {
  const hold = view.connection(leading)?.timers.hold;
  const until = hold?.remaining === undefined ? "" : ` (hold timer: ${left(hold)})`;
  switch (leading.phase) {
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
