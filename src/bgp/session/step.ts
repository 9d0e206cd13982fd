import type { NotificationReason } from "../wire/notification.ts";
import { describeNotification, notificationReasons } from "../wire/notification.ts";
import type { Action, ConnectionAction } from "./action.ts";
import { idleHoldTime, MAX_DAMPED_TIME } from "./idle-hold.ts";
import type { SessionParameters } from "./parameters.ts";
import { hardened, keptAfter } from "./restart.ts";
import {
  type Connection,
  type ConnectionId,
  connectionsOf,
  type OpenReceived,
  type State,
  type StateTitle,
  stateTitle,
} from "./state.ts";

/** What an event leads to. */
export interface Step {
  readonly state: State;
  /** The states entered, in order; empty if the session stays where it is. The last one is the new state. */
  readonly path: readonly StateTitle[];
  readonly actions: readonly Action[];
}

export const stay = (state: State, ...actions: Action[]): Step => ({ state, path: [], actions });

export function go(state: State, via: readonly StateTitle[], actions: readonly Action[]): Step {
  return { state, path: [...via, stateTitle(state)], actions };
}

/** Goes on, in the same state by name or in another. */
export function proceed(from: State, to: State, actions: readonly Action[]): Step {
  const title = stateTitle(to);
  return { state: to, path: title === stateTitle(from) ? [] : [title], actions };
}

/** One step, and from where it leads another one. */
export function inTurn(first: Step, next: (state: State) => Step): Step {
  const second = next(first.state);
  return {
    state: second.state,
    path: [...first.path, ...second.path],
    actions: [...first.actions, ...second.actions],
  };
}

/** Starts the ConnectRetryTimer anew. */
export function startConnectRetry({ connectRetryTime, connectRetryJitter }: SessionParameters): Action {
  return { type: "startTimer", timer: "connectRetry", seconds: connectRetryTime, jitter: connectRetryJitter };
}

/** Leaves Idle at a start or after an error: dials, or listens if it is passive or just failed. */
export function leaveIdle(
  parameters: SessionParameters,
  options: { via?: StateTitle[]; dial: boolean },
): Step {
  const via = options.via ?? [];
  if (parameters.passive) return go({ name: "active" }, via, []);
  const retry = startConnectRetry(parameters);
  if (!options.dial) return go({ name: "active" }, via, [retry]);
  return go({ name: "connect" }, via, [retry, { type: "dial" }]);
}

/** A NOTIFICATION to send before a connection is closed, or just why it closed. */
export type Farewell =
  | { readonly reason: NotificationReason; readonly data?: Uint8Array; readonly message?: string }
  /** Gracefully, it does not mean that the peer has stopped to forward (RFC 4724 §4.2). */
  | { readonly silent: string; readonly gracefully?: boolean };

/** Closes one connection: with a NOTIFICATION if the peer is to hear of it. */
export function close(connection: ConnectionId, farewell: Farewell): Action[] {
  const cause: Action = { type: "ended", cause: causeOf(farewell) };
  const end: ConnectionAction = { type: "close", connection };
  if ("silent" in farewell) return [cause, end];
  const { reason, data = new Uint8Array() } = farewell;
  return [cause, { type: "sendNotification", connection, reason, data }, end];
}

function causeOf(farewell: Farewell): string {
  if ("silent" in farewell) return farewell.silent;
  const [code, subcode] = notificationReasons[farewell.reason];
  const detail = farewell.message === undefined ? "" : `: ${farewell.message}`;
  return `sent NOTIFICATION ${describeNotification(code, subcode)}${detail}`;
}

/** Why a connection ends, and what of it. */
export interface End {
  readonly farewell: Farewell;
  readonly parameters: SessionParameters;
  /** Whether damping must not count it. */
  readonly harmless?: boolean;
  /** How long the session stays in Idle at least, in seconds. */
  readonly leastIdleHold?: number;
}

/** One connection ends; the session goes on with the other if there is one, and starts over if not. */
export function drop(state: State, gone: Connection, end: End): Step {
  const actions = [...close(gone.id, hardened(gone, end.farewell)), ...down(gone, end.farewell)];
  const survivor = connectionsOf(state).find(({ id }) => id !== gone.id);
  if (survivor && "answered" in survivor) return establish(survivor, actions, end.parameters);
  if (survivor) return proceed(state, { name: "connected", connection: survivor }, actions);
  const next = afterError(end, state.failures ?? 0);
  return { ...next, actions: [...actions, { type: "cancelDial" }, ...next.actions] };
}

/** The session is up over this connection, once the actions are done that end another one. */
export function establish(
  { id, direction, negotiated }: OpenReceived,
  ending: readonly Action[],
  parameters: SessionParameters,
): Step {
  const connection: OpenReceived = { id, direction, phase: "established", negotiated };
  const watch: Action = { type: "startTimer", timer: "stable", seconds: MAX_DAMPED_TIME, jitter: [1, 1] };
  return go(
    { name: "connected", connection },
    ["session setup"],
    [
      ...ending,
      ...restartHold(connection),
      ...startSendHold(connection, parameters),
      ...(parameters.dampPeerOscillations ? [watch] : []),
      { type: "sessionUp", connection: id, negotiated },
    ],
  );
}

/** What follows if the session was up over this connection. */
export function down(gone: Connection, farewell: Farewell): Action[] {
  return gone.phase === "established" ? [{ type: "sessionDown", kept: keptAfter(gone, farewell) }] : [];
}

/**
 * Where a session goes after an error: to Idle, and on from there at once without an idle hold time. It listens for a
 * ConnectRetryTime before it dials again, lest two ends that refuse each other spin.
 */
function afterError({ parameters, harmless = false, leastIdleHold = 0 }: End, before: number): Step {
  const failures = parameters.dampPeerOscillations && !harmless ? before + 1 : before;
  const seconds = Math.max(leastIdleHold, idleHoldTime(parameters, Math.max(1, failures)));
  if (seconds === 0) return leaveIdle(parameters, { via: ["idle"], dial: false });
  const timers: Action[] = [
    { type: "stopTimer", timer: "connectRetry" },
    { type: "startTimer", timer: "idleHold", seconds, jitter: parameters.idleHoldJitter },
  ];
  return go(failures === 0 ? { name: "idle" } : { name: "idle", failures }, [], timers);
}

/**
 * A connection ends, but this is no error of the session: it goes on listening, and dials again after a
 * ConnectRetryTime.
 */
export function listenAgain(state: State, gone: Connection, { farewell, parameters }: End): Step {
  if (state.name !== "connected") return drop(state, gone, { farewell, parameters });
  const next = leaveIdle(parameters, { dial: false });
  return proceed(state, next.state, [...close(gone.id, farewell), ...next.actions]);
}

/** All connections end at once, by our will; `then` says where the session goes. */
export function dropAll(state: State, farewell: Farewell, then: Step): Step {
  const connections = connectionsOf(state);
  const closing = connections.flatMap((connection) => close(connection.id, hardened(connection, farewell)));
  const ending = connections.flatMap((connection) => down(connection, farewell));
  return { ...then, actions: [...closing, ...ending, { type: "cancelDial" }, ...then.actions] };
}

/** Nothing runs with a hold time of 0 (RFC 4271 §4.2). */
export function restartHold({ id, negotiated }: OpenReceived): Action[] {
  if (negotiated.holdTime === 0) return [];
  return [{ type: "startConnectionTimer", connection: id, timer: "hold", seconds: negotiated.holdTime }];
}

export function startKeepalive({ id, negotiated }: OpenReceived): Action[] {
  if (negotiated.keepaliveTime === 0) return [];
  return [
    { type: "startConnectionTimer", connection: id, timer: "keepalive", seconds: negotiated.keepaliveTime },
  ];
}

/** RFC 9687 §3.3's default: 8 minutes. */
const LEAST_SEND_HOLD = 480;

/** The connection starts it again whenever something has left; without a hold time it does not run (RFC 9687 §3.2). */
export function startSendHold(
  { id, negotiated: { holdTime } }: OpenReceived,
  { sendHoldTime }: SessionParameters,
): Action[] {
  if (holdTime === 0) return [];
  const seconds = sendHoldTime ?? Math.max(LEAST_SEND_HOLD, 2 * holdTime);
  return [{ type: "startConnectionTimer", connection: id, timer: "sendHold", seconds }];
}
