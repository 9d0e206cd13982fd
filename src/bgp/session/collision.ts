import type { Action } from "./action.ts";
import { weDominate } from "./negotiation.ts";
import type { SessionParameters } from "./parameters.ts";
import { type Connection, connectionsOf, type OpenReceived, type State } from "./state.ts";
import { close, type Farewell, go, restartHold, type Step, startKeepalive, stay } from "./step.ts";

/**
 * Two connections to one peer are resolved so that both ends keep the same one (RFC 4271 §6.8).
 *
 * The end with the higher identifier, the dominant one, decides, and does so once: at the first OPEN it receives. If its
 * own connection is open by then, that one stays; if not, it gives up its dial and takes the other's. The other end
 * follows what that tells it: an OPEN on the dominant end's connection means that this one stays, a KEEPALIVE on its own
 * connection means that its own does. RFC 4271 lets both ends decide, each by what it has seen so far, which can
 * close both connections.
 */

/** Hold time until the peer's OPEN is there, in seconds, if ours is 0 (RFC 4271 §8.2.2: 4 minutes). */
const OPEN_HOLD_TIME = 240;

const collision: Farewell = { reason: "connectionCollisionResolution" };
const rejected: Farewell = { reason: "connectionRejected" };

/** A TCP connection has come up: it is spoken on, or refused. */
export function acceptConnection(state: State, incoming: Connection, parameters: SessionParameters): Step {
  const open: Action[] = [
    { type: "stopTimer", timer: "connectRetry" },
    { type: "sendOpen", connection: incoming.id },
    {
      type: "startConnectionTimer",
      connection: incoming.id,
      timer: "hold",
      // RFC 4271 suggests 4 minutes; a lab should not wait that long for a peer that says nothing.
      seconds: parameters.holdTime || OPEN_HOLD_TIME,
    },
  ];
  switch (state.name) {
    case "idle":
      return stay(state, ...close(incoming.id, rejected));
    case "connect":
    case "active":
      return go({ name: "connected", connection: incoming }, [], open);
    case "connected": {
      const refusal = refuse(state.connection, incoming, parameters);
      if (refusal) return stay(state, ...close(incoming.id, refusal));
      return go({ name: "collision", connections: [state.connection, incoming] }, [], open);
    }
    case "collision":
      return stay(state, ...close(incoming.id, rejected));
    default:
      return state satisfies never;
  }
}

/** Why a second connection may not even compete with the first. */
function refuse(first: Connection, second: Connection, parameters: SessionParameters): Farewell | undefined {
  if (first.phase === "established") return collision;
  if (first.direction === second.direction) return rejected;
  if (first.phase === "open sent") return undefined;
  const decided = first.direction === "inbound" || weDominate(first.negotiated.peer, parameters);
  return decided ? collision : undefined;
}

/** The peer's OPEN on a connection is acceptable: the connection goes on, and maybe another one ends. */
export function openAccepted(state: State, opened: OpenReceived, parameters: SessionParameters): Step {
  const other = otherThan(opened, state);
  const dominant = weDominate(opened.negotiated.peer, parameters);
  const confirm: Action[] = [
    { type: "sendKeepalive", connection: opened.id },
    { type: "stopConnectionTimer", connection: opened.id, timer: "hold" },
    ...restartHold(opened),
    ...startKeepalive(opened),
  ];
  if (!other) {
    const cancel: Action[] = opened.direction === "inbound" ? [{ type: "cancelDial" }] : [];
    return go({ name: "connected", connection: opened }, [], [...cancel, ...confirm]);
  }
  if ((opened.direction === "outbound") === dominant) {
    return go({ name: "connected", connection: opened }, [], [...close(other.id, collision), ...confirm]);
  }
  if (dominant) return go({ name: "connected", connection: other }, [], close(opened.id, collision));
  return stay({ name: "collision", connections: [other, opened] }, ...confirm);
}

/** The peer's KEEPALIVE answers our OPEN: this connection is the session. */
export function keepaliveConfirms(state: State, confirmed: OpenReceived): Step {
  const other = otherThan(confirmed, state);
  const connection: OpenReceived = { ...confirmed, phase: "established" };
  const { id, negotiated } = connection;
  return go(
    { name: "connected", connection },
    ["session setup"],
    [
      ...(other ? close(other.id, collision) : []),
      ...restartHold(connection),
      { type: "sessionUp", connection: id, negotiated },
    ],
  );
}

const otherThan = (connection: Connection, state: State): Connection | undefined =>
  connectionsOf(state).find(({ id }) => id !== connection.id);
