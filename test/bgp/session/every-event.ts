import type { Event } from "../../../src/bgp/session/event.ts";
import type { Negotiated } from "../../../src/bgp/session/negotiation.ts";
import { negotiate } from "../../../src/bgp/session/negotiation.ts";
import { ourOpen, type SessionParameters } from "../../../src/bgp/session/parameters.ts";
import type { Connection, OpenReceived, State } from "../../../src/bgp/session/state.ts";
import type { Step } from "../../../src/bgp/session/step.ts";
import type { Update } from "../../../src/bgp/wire/message.ts";
import { connectionId, parameters, peerParameters } from "../../support/session.ts";

/** The connection that every event of a connection is about; `other` is the second one of a collision. */
const id = connectionId("c");
const other = connectionId("o");

function settled(peer: SessionParameters): Negotiated {
  const result = negotiate(ourOpen(peer), parameters);
  if ("reason" in result) throw new Error(result.message);
  return result;
}

const negotiated = settled(peerParameters);
const sent = (name: typeof id, direction: Connection["direction"]): Connection => ({
  id: name,
  direction,
  phase: "open sent",
});
const received = (phase: OpenReceived["phase"]): OpenReceived => ({
  id,
  direction: "outbound",
  phase,
  negotiated,
});

/** Every state that a session can be in; in a collision we are the lower end, whose word does not count. */
export const states: Readonly<Record<string, State>> = {
  idle: { name: "idle" },
  connect: { name: "connect" },
  active: { name: "active" },
  "open delayed": {
    name: "connected",
    connection: { id, direction: "inbound", phase: "open delayed", during: "connect" },
  },
  "open sent": { name: "connected", connection: sent(id, "outbound") },
  "open confirm": { name: "connected", connection: received("open confirm") },
  "collision in open delayed": {
    name: "collision",
    connections: [
      { id: other, direction: "inbound", phase: "open delayed", during: "active" },
      { id, direction: "outbound", phase: "open delayed", during: "active" },
    ],
  },
  "collision in open sent": {
    name: "collision",
    connections: [sent(other, "inbound"), sent(id, "outbound")],
  },
  "collision in open confirm": {
    name: "collision",
    connections: [sent(other, "inbound"), received("open confirm")],
  },
  "collision, answered": {
    name: "collision",
    connections: [sent(other, "inbound"), { ...received("open confirm"), answered: true }],
  },
  established: { name: "connected", connection: received("established") },
  "collision in established": {
    name: "collision",
    connections: [sent(other, "inbound"), received("established")],
  },
};

const update: Update = {
  type: "update",
  withdrawn: [],
  announced: [],
  attributes: undefined,
  endOfRib: 4,
  errors: [],
};

const open = ourOpen(peerParameters);
const message = (what: Extract<Event, { type: "message" }>["message"]): Event => ({
  type: "message",
  connection: id,
  message: what,
});

const notification = (code: number, subcode: number) =>
  message({ type: "notification", code, subcode, data: new Uint8Array() });

/** Every event there is, messages by their type and by what is wrong with them. */
export const events: Readonly<Record<string, Event>> = {
  "manual start": { type: "manualStart" },
  "manual stop": { type: "manualStop", reason: "administrativeShutdown", data: new Uint8Array() },
  reset: { type: "reset", reason: "administrativeReset", data: new Uint8Array() },
  "peer discovered": { type: "peerDiscovered" },
  "connect retry timer": { type: "connectRetryTimerExpires" },
  "idle hold timer": { type: "idleHoldTimerExpires" },
  "stable timer": { type: "stableTimerExpires" },
  "parameters changed": { type: "parametersChanged" },
  "dial fails": { type: "dialFails", error: "connect: ECONNREFUSED" },
  "hold timer": { type: "holdTimerExpires", connection: id },
  "keepalive timer": { type: "keepaliveTimerExpires", connection: id },
  "send hold timer": { type: "sendHoldTimerExpires", connection: id },
  stranger: { type: "strangerFound", connection: id },
  "delay open timer": { type: "delayOpenTimerExpires", connection: id },
  "new outbound": { type: "outboundConnected", connection: connectionId("n") },
  "new inbound": { type: "inboundConnected", connection: connectionId("n") },
  "tcp fails": { type: "tcpConnectionFails", connection: id, error: "read: ECONNRESET" },
  OPEN: message(open),
  "OPEN of a wrong AS": message({ ...open, asn: parameters.asn }),
  KEEPALIVE: message({ type: "keepalive" }),
  UPDATE: message(update),
  NOTIFICATION: notification(6, 2),
  "NOTIFICATION of a collision": notification(6, 7),
  "NOTIFICATION of a rejection": notification(6, 5),
  "NOTIFICATION of a version": notification(2, 1),
  "ROUTE-REFRESH": message({ type: "routeRefresh", afi: 1, subtype: 0, safi: 1 }),
  "parse error": {
    type: "parseError",
    connection: id,
    error: { reason: "badMessageLength", data: new Uint8Array(), message: "length 18" },
  },
};

/** One line for all that an event leads to, e.g. `open sent → idle → active: 4/0 c, close c`; `=` for nothing at all. */
export function outcome({ path, actions }: Step): string {
  const done = actions.flatMap((action): string[] => {
    switch (action.type) {
      case "ended":
        return [];
      case "startTimer":
      case "stopTimer":
        return [`${action.type === "startTimer" ? "start" : "stop"} ${action.timer}`];
      case "startConnectionTimer":
        return [`${action.timer} ${action.seconds}s`];
      case "stopConnectionTimer":
        return action.timer === "delayOpen" ? ["stop delayOpen"] : [];
      case "sendNotification":
        return [`${action.reason} ${action.connection}`];
      case "sendOpen":
      case "sendKeepalive":
      case "close":
        return [`${action.type} ${action.connection}`];
      default:
        return [action.type];
    }
  });
  const text = [...path.map((state) => `→ ${state}`), ...(done.length > 0 ? [`: ${done.join(", ")}`] : [])];
  return text.join(" ") || "=";
}
