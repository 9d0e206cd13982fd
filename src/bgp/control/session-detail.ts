import type { Address } from "../../net/address.ts";
import type { StateTitle } from "../session/state.ts";
import type { SessionStatus, StateName } from "./status.ts";

/** All that a speaker knows of one session: too much to tell with every change, so one has to ask for it. Plain JSON. */
export interface SessionDetail extends SessionStatus {
  readonly counters: SessionCounters;
  readonly timers: Readonly<Record<"connectRetry" | "idleHold" | "hold" | "keepalive", TimerStatus>>;
  /** Open TCP connections: none, one, or the two of a collision. */
  readonly connections: readonly ConnectionStatus[];
  /** The last 1,024 transitions between states as the log calls them, oldest first. */
  readonly transitions: readonly StateChange[];
  /**
   * The last 1,024 messages sent and the last 1,024 received, oldest first. Keepalives are left out, but for the one that
   * ends OpenConfirm.
   */
  readonly messages: readonly MessageRecord[];
}

/** What has happened since the session was configured; every number only grows. */
export interface SessionCounters {
  readonly opensSent: number;
  readonly opensReceived: number;
  readonly updatesSent: number;
  readonly updatesReceived: number;
  readonly notificationsSent: number;
  readonly notificationsReceived: number;
  readonly keepalivesSent: number;
  readonly keepalivesReceived: number;
  readonly routeRefreshesSent: number;
  readonly routeRefreshesReceived: number;
  /** Of whole messages, headers included. */
  readonly octetsSent: number;
  readonly octetsReceived: number;
  /** What arrived and was no message. */
  readonly malformedReceived: number;
  /** Connections that the peer opened and that we spoke on. */
  readonly connectionsAccepted: number;
  /** Connections that we opened. */
  readonly connectionsDialed: number;
  /** Connections that were closed before anything was said, such as a third one. */
  readonly connectionsRefused: number;
  /** Dials that came to nothing, and connections that broke. */
  readonly connectionsFailed: number;
  readonly holdTimerExpirations: number;
  readonly transitionsToEstablished: number;
  readonly transitionsToIdle: number;
}

/** A timer, in seconds; 0 is for never. */
export interface TimerStatus {
  readonly configured: number;
  /** What both OPENs settled; null while they have not, and for timers that nobody negotiates. */
  readonly negotiated: number | null;
  /** Time left; null if it does not run. */
  readonly remaining: number | null;
}

/** One TCP connection of a session. */
export interface ConnectionStatus {
  readonly connectionId: string;
  readonly direction: "inbound" | "outbound";
  readonly state: StateName;
  readonly localAddress: Address | null;
  readonly localPort: number | null;
  readonly peerAddress: Address;
  readonly peerPort: number;
}

/** A step of the state machine. */
export interface StateChange {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly from: StateTitle;
  readonly to: StateTitle;
  /** The event that caused it. */
  readonly event: string;
}

/** A message that was sent or received. */
export interface MessageRecord {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly direction: "sent" | "received";
  readonly connectionId: string;
  /** `"open"`, `"update"`, `"notification"`, `"keepalive"` or `"route refresh"`. */
  readonly message: string;
  /** All of it on one line, as in the log; long lists are cut. */
  readonly contents: string;
}
