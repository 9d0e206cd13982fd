import { afi, type Family } from "../../net/address.ts";
import { ByteWriter } from "../../std/bytes.ts";
import { unreachable } from "../../std/errors.ts";
import type { Action } from "./action.ts";
import { acceptConnection, openDelayIsOver } from "./collision.ts";
import type { ConnectionEvent, Event } from "./event.ts";
import type { SessionParameters } from "./parameters.ts";
import { receiveMessage } from "./received.ts";
import { type Connection, connectionsOf, establishedOf, type State } from "./state.ts";
import {
  drop,
  dropAll,
  type End,
  type Farewell,
  go,
  leaveIdle,
  listenAgain,
  proceed,
  type Step,
  startConnectRetry,
  startKeepalive,
  stay,
} from "./step.ts";

/**
 * The whole state machine of a session, RFC 4271 §8: no clock, no socket, no log.
 *
 * The session, not the connection, has the state, so that both connections of a collision (§6.8) are seen together.
 */
export function transition(state: State, event: Event, parameters: SessionParameters): Step {
  const step = react(state, event, parameters);
  const { failures = state.failures, ...next } = step.state;
  if (failures === undefined || forgives(state, event)) return { ...step, state: next };
  return { ...step, state: { ...next, failures } };
}

/** Whether a session starts over with a clean record. */
function forgives(state: State, event: Event): boolean {
  if (event.type === "stableTimerExpires") return establishedOf(state) !== undefined;
  return event.type === "manualStart" || event.type === "manualStop" || event.type === "reset";
}

function react(state: State, event: Event, parameters: SessionParameters): Step {
  switch (event.type) {
    case "manualStart":
    case "idleHoldTimerExpires":
      return state.name === "idle" ? leaveIdle(parameters, { dial: true }) : stay(state);
    case "manualStop":
      return stop(state, event);
    case "reset":
      return reset(state, event, parameters);
    case "peerDiscovered":
    case "connectRetryTimerExpires":
      return retry(state, parameters);
    case "parametersChanged":
      return adapt(state, parameters);
    case "stableTimerExpires":
      return stay(state);
    case "dialFails":
      return dialFails(state, event.error);
    default:
      return onConnection(state, event, parameters);
  }
}

function stop(state: State, farewell: Farewell): Step {
  if (state.name === "idle") return stay(state, { type: "stopTimer", timer: "idleHold" });
  return dropAll(state, farewell, go({ name: "idle" }, [], [{ type: "stopTimer", timer: "connectRetry" }]));
}

/** Ends what there is and starts over at once, out of an idle hold time too: somebody wants it now. */
function reset(state: State, farewell: Farewell, parameters: SessionParameters): Step {
  if (state.name !== "idle") {
    return dropAll(state, farewell, leaveIdle(parameters, { via: ["idle"], dial: true }));
  }
  const start = leaveIdle(parameters, { dial: true });
  return { ...start, actions: [{ type: "stopTimer", timer: "idleHold" }, ...start.actions] };
}

/** Dials, unless the session is passive, already connected, or not wanted. */
function retry(state: State, parameters: SessionParameters): Step {
  if (parameters.passive || (state.name !== "connect" && state.name !== "active")) return stay(state);
  return proceed(state, { name: "connect" }, [startConnectRetry(parameters), { type: "dial" }]);
}

/** A session without a connection does now what its new parameters say; any other, when it next has none. */
function adapt(state: State, parameters: SessionParameters): Step {
  if (state.name !== "connect" && state.name !== "active") return stay(state);
  if (!parameters.passive)
    return state.name === "active" ? retry(state, parameters) : stay(state, startConnectRetry(parameters));
  const actions: Action[] = [{ type: "cancelDial" }, { type: "stopTimer", timer: "connectRetry" }];
  return proceed(state, { name: "active" }, actions);
}

/** RFC 4271 goes to Idle here unless DelayOpen runs; listening on until the next try is what heals a lab by itself. */
function dialFails(state: State, error: string): Step {
  const ended: Action = { type: "ended", cause: error };
  return state.name === "connect" ? go({ name: "active" }, [], [ended]) : stay(state, ended);
}

function onConnection(state: State, event: ConnectionEvent, parameters: SessionParameters): Step {
  if (event.type === "inboundConnected" || event.type === "outboundConnected") {
    const direction = event.type === "inboundConnected" ? "inbound" : "outbound";
    return acceptConnection(state, { id: event.connection, direction }, parameters);
  }
  const connection = connectionsOf(state).find(({ id }) => id === event.connection);
  if (!connection) return stay(state); // said by a connection that we have just closed
  const end = (farewell: Farewell) => drop(state, connection, { farewell, parameters });
  switch (event.type) {
    case "tcpConnectionFails":
      // A connection that ends before any word of the peer's is no error of the session (RFC 4271 §8.2.2).
      return hasSpoken(connection)
        ? end({ silent: event.error, gracefully: !event.interfaceDown })
        : listenAgain(state, connection, { farewell: { silent: event.error }, parameters });
    case "parseError":
      // Our OPEN may not be out yet: RFC 4271 §8.1.1, SendNOTIFICATIONwithoutOPEN, is always set.
      return end(event.error);
    case "holdTimerExpires":
      return connection.phase === "open delayed" ? stay(state) : end({ reason: "holdTimerExpired" });
    case "delayOpenTimerExpires":
      return connection.phase === "open delayed"
        ? openDelayIsOver(state, connection, parameters)
        : stay(state);
    case "sendHoldTimerExpires":
      return connection.phase === "established" ? end({ reason: "sendHoldTimerExpired" }) : stay(state);
    case "prefixLimitExceeded":
      return connection.phase === "established"
        ? drop(state, connection, { ...tooMany(event), parameters })
        : stay(state);
    case "strangerFound":
      return refuseStranger(state, connection, parameters);
    case "keepaliveTimerExpires":
      return keepalive(state, connection, end);
    case "message":
      return receiveMessage(state, connection, { message: event.message, parameters });
    default:
      return unreachable(event);
  }
}

/** A peer that told too much will do so again: it is left alone for so many seconds at least. */
const PREFIX_LIMIT_HOLD = 60;

/** The data are the family and the limit (RFC 4486 §4). */
function tooMany({ family, limit }: { family: Family; limit: number }): Omit<End, "parameters"> {
  const data = new ByteWriter().u16(afi(family)).u8(1).u32(limit).finish();
  const message = `more than ${limit} prefixes`;
  return {
    farewell: { reason: "maximumPrefixes", data, message },
    leastIdleHold: PREFIX_LIMIT_HOLD,
  };
}

/** Who has proven to be the expected peer may stay: its address alone may have changed. */
function refuseStranger(state: State, connection: Connection, parameters: SessionParameters): Step {
  if (connection.phase === "established") return stay(state);
  const message = "its address is not that of a discovered peer";
  return listenAgain(state, connection, { farewell: { reason: "connectionRejected", message }, parameters });
}

const hasSpoken = ({ phase }: Connection): boolean => phase === "open confirm" || phase === "established";

function keepalive(state: State, connection: Connection, end: (farewell: Farewell) => Step): Step {
  switch (connection.phase) {
    case "open delayed":
      return stay(state);
    case "open sent":
      return end({ reason: "fsmError" });
    default:
      return stay(state, { type: "sendKeepalive", connection: connection.id }, ...startKeepalive(connection));
  }
}
