import type { Action } from "./action.ts";
import { weDominate } from "./negotiation.ts";
import type { SessionParameters } from "./parameters.ts";
import {
  type Connection,
  type ConnectionId,
  connectionsOf,
  type Direction,
  type OpenDelayed,
  type OpenReceived,
  type State,
  withConnection,
} from "./state.ts";
import {
  close,
  down,
  establish,
  type Farewell,
  go,
  proceed,
  restartHold,
  type Step,
  startKeepalive,
  stay,
} from "./step.ts";

/**
 * Two connections to one peer are resolved so that both ends keep the same one (RFC 4271 §6.8).
 *
 * The end with the higher identifier, the dominant one, decides, and does so once: at the first OPEN it receives. If its
 * own connection is open by then, that one stays; if not, it gives up its dial and takes the other's. The other end
 * waits for its word: that is a KEEPALIVE on the dominant end's connection, the end of either one, or what is told only
 * on a session that is up. RFC 4271 lets both ends decide, each by what it has seen so far, which can close both
 * connections; so a peer that follows it to the letter is waited for as well.
 *
 * An Established session is past that: a connection that comes then is refused at once, unless
 * `collisionDetectEstablished` is set and it is the dominant end's. Then its OPEN is waited for, and it takes the place
 * of the other: the peer must have lost that one (§6.8, CollisionDetectEstablishedState).
 */

/** Hold time until the peer's OPEN is there, in seconds, if ours is 0 (RFC 4271 §8.2.2: 4 minutes). */
const OPEN_HOLD_TIME = 240;

const collision: Farewell = { reason: "connectionCollisionResolution" };
const rejected: Farewell = { reason: "connectionRejected" };

/** A TCP connection that has just come up. */
export interface Incoming {
  readonly id: ConnectionId;
  readonly direction: Direction;
}

/** A TCP connection has come up: it is spoken on, now or after a while (RFC 4271 §8.2.2), or refused. */
export function acceptConnection(state: State, incoming: Incoming, parameters: SessionParameters): Step {
  const retryStopped: Action = { type: "stopTimer", timer: "connectRetry" };
  switch (state.name) {
    case "idle":
    case "collision":
      return stay(state, ...close(incoming.id, rejected));
    case "connect":
    case "active": {
      const { connection, actions } = begin(incoming, state.name, parameters);
      return proceed(state, { name: "connected", connection }, [retryStopped, ...actions]);
    }
    case "connected": {
      const first = state.connection;
      const refusal = refuse(first, incoming, parameters);
      if (refusal) return stay(state, ...close(incoming.id, refusal));
      const during = first.phase === "open delayed" ? first.during : "active";
      const { connection, actions } = begin(incoming, during, parameters);
      const next: State = { name: "collision", connections: [first, connection] };
      return proceed(state, next, [retryStopped, ...actions]);
    }
    default:
      return state satisfies never;
  }
}

function begin(
  { id, direction }: Incoming,
  during: OpenDelayed["during"],
  parameters: SessionParameters,
): { connection: Connection; actions: Action[] } {
  const { delayOpenTime: seconds } = parameters;
  if (seconds === 0) {
    return { connection: { id, direction, phase: "open sent" }, actions: introduce(id, parameters) };
  }
  return {
    connection: { id, direction, phase: "open delayed", during },
    actions: [{ type: "startConnectionTimer", connection: id, timer: "delayOpen", seconds }],
  };
}

/** Sends our OPEN, and waits for the peer's. */
function introduce(connection: ConnectionId, { holdTime }: SessionParameters): Action[] {
  return [
    { type: "sendOpen", connection },
    // RFC 4271 suggests 4 minutes; a lab should not wait that long for a peer that says nothing.
    { type: "startConnectionTimer", connection, timer: "hold", seconds: holdTime || OPEN_HOLD_TIME },
  ];
}

/** Why a second connection may not even compete with the first. */
function refuse(first: Connection, second: Incoming, parameters: SessionParameters): Farewell | undefined {
  // Who may have lost the first connection by starting again says so in its OPEN (RFC 4724 §4.2).
  if (first.phase === "established" && first.negotiated.gracefulRestart?.families.length) return undefined;
  if (first.phase === "established" && !parameters.collisionDetectEstablished) return collision;
  if (first.direction === second.direction) return first.phase === "established" ? collision : rejected;
  switch (first.phase) {
    case "open delayed":
    case "open sent":
      return undefined;
    case "open confirm":
      return first.direction === "inbound" || weDominate(first.negotiated.peer, parameters)
        ? collision
        : undefined;
    case "established":
      return stays(first, parameters) ? collision : undefined;
    default:
      return first satisfies never;
  }
}

/** Whether it is the dominant end that opened this connection. */
function stays({ direction, negotiated }: OpenReceived, parameters: SessionParameters): boolean {
  return (direction === "outbound") === weDominate(negotiated.peer, parameters);
}

/** The DelayOpenTimer has run out before the peer said a word: we speak first (RFC 4271 §8.2.2, event 12). */
export function openDelayIsOver(state: State, delayed: OpenDelayed, parameters: SessionParameters): Step {
  const { id, direction } = delayed;
  const next = withConnection(state, { id, direction, phase: "open sent" });
  return proceed(state, next, introduce(id, parameters));
}

/** The peer's OPEN on a connection is acceptable: the connection goes on, and maybe another one ends. */
export function openAccepted(state: State, opened: OpenReceived, parameters: SessionParameters): Step {
  const other = otherThan(opened, state);
  const confirm = confirmed(state, opened);
  if (!other) {
    const cancel: Action[] = opened.direction === "inbound" ? [{ type: "cancelDial" }] : [];
    return go({ name: "connected", connection: opened }, [], [...cancel, ...confirm]);
  }
  if (other.phase !== "established" && !weDominate(opened.negotiated.peer, parameters)) {
    return stay({ name: "collision", connections: [other, opened] }, ...confirm);
  }
  const [restarted, contested] = [hasRestarted(opened, other), mayTakeOver(opened, other, parameters)];
  if (restarted || (contested && stays(opened, parameters))) {
    const farewell = restarted ? { silent: "the peer has started again", gracefully: true } : collision;
    const closing = [...close(other.id, farewell), ...down(other, farewell)];
    return go({ name: "connected", connection: opened }, [], [...closing, ...confirm]);
  }
  return proceed(state, { name: "connected", connection: other }, close(opened.id, collision));
}

/**
 * Whether the peer's OPEN tells that it knows nothing of a connection over which the session is up. RFC 4724 §4.2 takes any
 * new connection for that; but a dial that was overtaken by the other end's may arrive late.
 */
function hasRestarted({ negotiated }: OpenReceived, other: Connection): boolean {
  return other.phase === "established" && negotiated.gracefulRestart?.restarting === true;
}

/** Whether the two are a collision of §6.8, and not just two attempts of one end. */
function mayTakeOver(
  { direction }: OpenReceived,
  other: Connection,
  { collisionDetectEstablished }: SessionParameters,
): boolean {
  return other.phase !== "established" || (collisionDetectEstablished && direction !== other.direction);
}

/** Answers the peer's OPEN; with ours first if it was delayed (RFC 4271 §8.2.2, event 20). */
function confirmed(state: State, { id, ...opened }: OpenReceived): Action[] {
  const delayed = connectionsOf(state).some(
    (connection) => connection.id === id && connection.phase === "open delayed",
  );
  return [
    ...(delayed ? stopDelay(id) : []),
    { type: "sendKeepalive", connection: id },
    { type: "stopConnectionTimer", connection: id, timer: "hold" },
    ...restartHold({ id, ...opened }),
    ...startKeepalive({ id, ...opened }),
  ];
}

function stopDelay(connection: ConnectionId): Action[] {
  return [
    { type: "stopConnectionTimer", connection, timer: "delayOpen" },
    { type: "sendOpen", connection },
  ];
}

/** The peer's KEEPALIVE answers our OPEN: this connection is the session, unless the peer, who decides, may yet keep its own. */
export function keepaliveConfirms(
  state: State,
  confirmed: OpenReceived,
  parameters: SessionParameters,
): Step {
  const other = otherThan(confirmed, state);
  if (other && !stays(confirmed, parameters)) {
    const answered: OpenReceived = { ...confirmed, answered: true };
    return stay({ name: "collision", connections: [other, answered] }, ...restartHold(confirmed));
  }
  return isSession(state, confirmed, parameters);
}

/** Nothing but the session can become of this connection: another one ends. */
export function isSession(state: State, connection: OpenReceived, parameters: SessionParameters): Step {
  const other = otherThan(connection, state);
  return establish(connection, other ? close(other.id, collision) : [], parameters);
}

const otherThan = (connection: Connection, state: State): Connection | undefined =>
  connectionsOf(state).find(({ id }) => id !== connection.id);
