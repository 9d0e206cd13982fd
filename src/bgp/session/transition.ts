import { unreachable } from "../../std/errors.ts";
import type { Message, Notification } from "../wire/message.ts";
import { describeNotification, type NotificationReason } from "../wire/notification.ts";
import { shutdownCommunication } from "../wire/shutdown-communication.ts";
import type { Action } from "./action.ts";
import { acceptConnection, keepaliveConfirms, openAccepted } from "./collision.ts";
import type { ConnectionEvent, Event } from "./event.ts";
import { negotiate } from "./negotiation.ts";
import type { SessionParameters } from "./parameters.ts";
import { type Connection, connectionsOf, type State } from "./state.ts";
import {
  close,
  drop,
  dropAll,
  type Farewell,
  go,
  leaveIdle,
  restartHold,
  type Step,
  startKeepalive,
  stay,
} from "./step.ts";

/**
 * The whole state machine of a session, RFC 4271 §8: no clock, no socket, no log.
 *
 * The session, not the connection, has the state, so that both connections of a collision (§6.8) are seen together.
 */
export function transition(state: State, event: Event, parameters: SessionParameters): Step {
  switch (event.type) {
    case "manualStart":
      return state.name === "idle" ? leaveIdle(parameters, { dial: true }) : stay(state);
    case "idleHoldTimerExpires":
      return state.name === "idle" ? leaveIdle(parameters, { dial: true }) : stay(state);
    case "manualStop":
      return stop(state, event);
    case "reset":
      if (state.name === "idle") return stay(state);
      return dropAll(
        state,
        { reason: "administrativeReset" },
        leaveIdle(parameters, { via: ["idle"], dial: true }),
      );
    case "peerDiscovered":
    case "connectRetryTimerExpires":
      return retry(state, parameters);
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

/** Dials, unless the session is passive, already connected, or not wanted. */
function retry(state: State, parameters: SessionParameters): Step {
  if (parameters.passive || (state.name !== "connect" && state.name !== "active")) return stay(state);
  const dial: Action[] = [
    { type: "startTimer", timer: "connectRetry", seconds: parameters.connectRetryTime },
    { type: "dial" },
  ];
  return state.name === "connect" ? stay(state, ...dial) : go({ name: "connect" }, [], dial);
}

/** RFC 4271 goes to Idle here unless DelayOpen runs; listening on until the next try is what heals a lab by itself. */
function dialFails(state: State, error: string): Step {
  const ended: Action = { type: "ended", cause: error };
  return state.name === "connect" ? go({ name: "active" }, [], [ended]) : stay(state, ended);
}

function onConnection(state: State, event: ConnectionEvent, parameters: SessionParameters): Step {
  if (event.type === "inboundConnected" || event.type === "outboundConnected") {
    const direction = event.type === "inboundConnected" ? "inbound" : "outbound";
    return acceptConnection(state, { id: event.connection, direction, phase: "open sent" }, parameters);
  }
  const connection = connectionsOf(state).find(({ id }) => id === event.connection);
  if (!connection) return stay(state); // said by a connection that we have just closed
  const end = (farewell: Farewell) => drop(state, connection, { farewell, parameters });
  switch (event.type) {
    case "tcpConnectionFails":
      if (state.name !== "connected" || connection.phase !== "open sent") return end({ silent: event.error });
      return listenAgain(connection, event.error, parameters);
    case "parseError":
      return end(event.error);
    case "holdTimerExpires":
      return end({ reason: "holdTimerExpired" });
    case "keepaliveTimerExpires":
      return connection.phase === "open sent"
        ? end({ reason: "fsmError" })
        : stay(state, { type: "sendKeepalive", connection: connection.id }, ...startKeepalive(connection));
    case "message":
      return onMessage(state, connection, { message: event.message, parameters });
    default:
      return unreachable(event);
  }
}

/** A connection that ends before any word of the peer's is no error of the session: it goes on listening (RFC 4271 §8.2.2). */
function listenAgain({ id }: Connection, error: string, parameters: SessionParameters): Step {
  const next = leaveIdle(parameters, { dial: false });
  return { ...next, actions: [...close(id, { silent: error }), ...next.actions] };
}

interface Received {
  readonly message: Message;
  readonly parameters: SessionParameters;
}

function onMessage(state: State, connection: Connection, { message, parameters }: Received): Step {
  const end = (farewell: Farewell) => drop(state, connection, { farewell, parameters });
  if (message.type === "notification") {
    // No NOTIFICATION answers a NOTIFICATION (RFC 4271 §6.4).
    return end({ silent: `received NOTIFICATION ${describeReceived(message)}` });
  }
  switch (connection.phase) {
    case "open sent": {
      if (message.type !== "open") return end(unexpected("unexpectedInOpenSent", message));
      const result = negotiate(message, parameters);
      if ("reason" in result) return end(result);
      return openAccepted(state, { ...connection, phase: "open confirm", negotiated: result }, parameters);
    }
    case "open confirm":
      if (message.type !== "keepalive") return end(unexpected("unexpectedInOpenConfirm", message));
      return keepaliveConfirms(state, connection);
    case "established":
      if (message.type === "open") return end(unexpected("unexpectedInEstablished", message));
      return stay(state, ...restartHold(connection), ...delivery(message));
    default:
      return unreachable(connection);
  }
}

function describeReceived(notification: Notification): string {
  const { code, subcode } = notification;
  const communication = shutdownCommunication(notification);
  const words = communication === undefined ? "" : `: ${JSON.stringify(communication)}`;
  return describeNotification(code, subcode) + words;
}

function delivery(message: Exclude<Message, { type: "open" | "notification" }>): Action[] {
  switch (message.type) {
    case "keepalive":
      return [];
    case "update":
      return [{ type: "updateReceived", update: message }];
    case "routeRefresh": {
      // Other families than those we know are ignored (RFC 2918 §4).
      const family = message.safi === 1 ? ([undefined, 4, 6] as const)[message.afi] : undefined;
      return family === undefined ? [] : [{ type: "refreshRequested", family }];
    }
    default:
      return unreachable(message);
  }
}

const messageCodes = { open: 1, update: 2, keepalive: 4, routeRefresh: 5 } as const;

/** The data is the type of the message (RFC 6608 §4). */
function unexpected(
  reason: NotificationReason,
  message: Exclude<Message, { type: "notification" }>,
): Farewell {
  return { reason, data: Uint8Array.of(messageCodes[message.type]), message: `unexpected ${message.type}` };
}
