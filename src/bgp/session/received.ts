import { unreachable } from "../../std/errors.ts";
import { type Message, type Notification, type RouteRefresh, refreshSubtypes } from "../wire/message.ts";
import {
  describeNotification,
  insideHardReset,
  type NotificationReason,
  notificationReasons,
} from "../wire/notification.ts";
import { shutdownCommunication } from "../wire/shutdown-communication.ts";
import type { Action } from "./action.ts";
import { isSession, keepaliveConfirms, openAccepted } from "./collision.ts";
import { type Negotiated, negotiate } from "./negotiation.ts";
import type { SessionParameters } from "./parameters.ts";
import type { Connection, State } from "./state.ts";
import { drop, type Farewell, inTurn, listenAgain, restartHold, type Step, stay } from "./step.ts";

interface Received {
  readonly message: Message;
  readonly parameters: SessionParameters;
}

/** A whole message has come: RFC 4271 §8.1.5, with the subcodes of RFC 6608 for one that is out of place. */
export function receiveMessage(state: State, connection: Connection, received: Received): Step {
  const { message, parameters } = received;
  if (message.type === "notification") return receiveNotification(state, connection, { message, parameters });
  const end = (farewell: Farewell) => drop(state, connection, { farewell, parameters });
  switch (connection.phase) {
    case "open delayed":
    case "open sent": {
      if (message.type !== "open") {
        // RFC 6608 has no subcode for a connection on which no OPEN was sent.
        return connection.phase === "open delayed"
          ? end({ reason: "fsmError", message: `unexpected ${message.type}` })
          : end(unexpected("unexpectedInOpenSent", message));
      }
      const result = negotiate(message, parameters);
      if ("reason" in result) return end(result);
      const { id, direction } = connection;
      return openAccepted(state, { id, direction, phase: "open confirm", negotiated: result }, parameters);
    }
    case "open confirm":
      if (message.type === "keepalive") return keepaliveConfirms(state, connection, parameters);
      if (connection.answered && message.type !== "open") {
        // The peer would not tell anything on a connection that it may yet close.
        return inTurn(isSession(state, connection, parameters), (next) =>
          receiveMessage(next, { ...connection, phase: "established" }, received),
        );
      }
      return end(unexpected("unexpectedInOpenConfirm", message));
    case "established":
      if (message.type === "open") return end(unexpected("unexpectedInEstablished", message));
      return stay(state, ...restartHold(connection), ...delivery(message, connection.negotiated));
    default:
      return unreachable(connection);
  }
}

/**
 * No NOTIFICATION answers a NOTIFICATION (RFC 4271 §6.4).
 *
 * That the peer has another connection, or is not ready for one, is no error of the session: it goes on listening, lest
 * the two ends turn each other away in turn. A wrong version does not count for damping (§8.2.2, event 24).
 */
function receiveNotification(
  state: State,
  connection: Connection,
  { message, parameters }: { message: Notification; parameters: SessionParameters },
): Step {
  const up = connection.phase === "established";
  const graceful = up && connection.negotiated.gracefulRestart?.notification === true;
  const farewell = {
    silent: `received NOTIFICATION ${describeReceived(message)}`,
    gracefully: graceful && !is(message, "hardReset"),
  };
  const turnedAway =
    is(message, "connectionCollisionResolution") ||
    (is(message, "connectionRejected") && connection.phase !== "open confirm");
  if (turnedAway && !up) return listenAgain(state, connection, { farewell, parameters });
  const harmless = is(message, "unsupportedVersion") && !up;
  return drop(state, connection, { farewell, parameters, harmless });
}

function is({ code, subcode }: Notification, reason: NotificationReason): boolean {
  const [wantedCode, wantedSubcode] = notificationReasons[reason];
  return code === wantedCode && subcode === wantedSubcode;
}

function describeReceived(notification: Notification): string {
  const { code, subcode } = notification;
  const inner = insideHardReset(notification);
  if (inner !== undefined) return `${describeNotification(code, subcode)}: ${describeReceived(inner)}`;
  const communication = shutdownCommunication(notification);
  const words = communication === undefined ? "" : `: ${JSON.stringify(communication)}`;
  return describeNotification(code, subcode) + words;
}

function delivery(
  message: Exclude<Message, { type: "open" | "notification" }>,
  negotiated: Negotiated,
): Action[] {
  switch (message.type) {
    case "keepalive":
      return [];
    case "update":
      return [{ type: "updateReceived", update: message }];
    case "routeRefresh":
      return refresh(message, negotiated);
    default:
      return unreachable(message);
  }
}

/** Families and subtypes that we do not know are ignored (RFC 2918 §4, RFC 7313 §5). */
function refresh({ afi, safi, subtype }: RouteRefresh, { enhancedRouteRefresh }: Negotiated): Action[] {
  const family = safi === 1 ? ([undefined, 4, 6] as const)[afi] : undefined;
  if (family === undefined) return [];
  // Without RFC 7313 the octet of the subtype is reserved, and says nothing (RFC 2918 §3).
  switch (enhancedRouteRefresh ? subtype : refreshSubtypes.request) {
    case refreshSubtypes.request:
      return [{ type: "refreshRequested", family }];
    case refreshSubtypes.begin:
      return [{ type: "refreshBegins", family }];
    case refreshSubtypes.end:
      return [{ type: "refreshEnds", family }];
    default:
      return [];
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
