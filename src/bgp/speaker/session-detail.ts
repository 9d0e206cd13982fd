import type { ConnectionStatus, SessionDetail, TimerStatus } from "../control/session-detail.ts";
import type { SessionParameters } from "../session/parameters.ts";
import { type Connection, connectionsOf, connectionTitle } from "../session/state.ts";
import type { Journal } from "./journal.ts";
import { leadingConnection, negotiatedOn, type SessionView } from "./session-status.ts";
import { rfcName } from "./state-name.ts";
import type { Timer } from "./timer.ts";

/** What a session tells beside its status to those who ask for it. */
export function describeDetail(view: SessionView, parameters: SessionParameters, journal: Journal) {
  return {
    counters: journal.counters.counts,
    timers: describeTimers(view, parameters),
    connections: connectionsOf(view.state).flatMap((connection) => describeEnds(view, connection)),
    transitions: journal.history.transitions,
    messages: journal.history.messages,
  } satisfies Partial<SessionDetail>;
}

function describeTimers(view: SessionView, parameters: SessionParameters): SessionDetail["timers"] {
  const leading = leadingConnection(view.state);
  const negotiated = leading && negotiatedOn(leading);
  const running = leading && view.connection(leading)?.timers;
  const { connectRetry, idleHold } = view.timers;
  return {
    connectRetry: timer(connectRetry, parameters.connectRetryTime, null),
    idleHold: timer(idleHold, parameters.idleHoldTime, null),
    hold: timer(running?.hold, parameters.holdTime, negotiated?.holdTime ?? null),
    keepalive: timer(running?.keepalive, parameters.keepaliveTime, negotiated?.keepaliveTime ?? null),
  };
}

function timer(running: Timer | undefined, configured: number, negotiated: number | null): TimerStatus {
  return { configured, negotiated, remaining: running?.remaining ?? null };
}

function describeEnds(view: SessionView, connection: Connection): ConnectionStatus[] {
  const open = view.connection(connection);
  if (!open) return [];
  return [
    {
      connectionId: connection.id,
      direction: connection.direction,
      state: rfcName(connectionTitle(connection)),
      localAddress: open.local?.address ?? null,
      localPort: open.local?.port ?? null,
      peerAddress: open.peer.address,
      peerPort: open.peer.port,
    },
  ];
}
