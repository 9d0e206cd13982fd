import type { Family } from "../../net/address.ts";
import type { Message } from "../wire/message.ts";
import type { NotificationReason } from "../wire/notification.ts";
import type { ConnectionId } from "./state.ts";

/** Inputs of the state machine; the comment is the name and number in RFC 4271 §8.1. */
export type Event =
  | { readonly type: "manualStart" } //              ManualStart (1)
  | { readonly type: "manualStop"; readonly reason: StopReason; readonly data: Uint8Array } // ManualStop (2)
  | { readonly type: "reset"; readonly reason: ResetReason; readonly data: Uint8Array } // ManualStop, then AutomaticStart (3)
  | { readonly type: "peerDiscovered" } //           ours: now there is an address to dial
  | { readonly type: "connectRetryTimerExpires" } // ConnectRetryTimer_Expires (9)
  | { readonly type: "idleHoldTimerExpires" } //     IdleHoldTimer_Expires (13)
  | { readonly type: "stableTimerExpires" } //       ours: the session has been up for long enough to forget its failures
  | { readonly type: "parametersChanged" } //        ours: some are other than at the last event
  | { readonly type: "dialFails"; readonly error: string } // TcpConnectionFails (18) of a connection not yet open
  | ConnectionEvent;

/** Events of one open TCP connection. */
export type ConnectionEvent = { readonly connection: ConnectionId } & (
  | { readonly type: "holdTimerExpires" } //         HoldTimer_Expires (10)
  | { readonly type: "keepaliveTimerExpires" } //    KeepaliveTimer_Expires (11)
  | { readonly type: "delayOpenTimerExpires" } //    DelayOpenTimer_Expires (12)
  | { readonly type: "sendHoldTimerExpires" } //     SendHoldTimer_Expires (29, RFC 9687)
  | { readonly type: "strangerFound" } //            ours: whoever it is, is none of those that advertise themselves
  | { readonly type: "outboundConnected" } //        Tcp_CR_Acked (16)
  | { readonly type: "inboundConnected" } //         TcpConnectionConfirmed (17)
  | { readonly type: "tcpConnectionFails"; readonly error: string; readonly interfaceDown?: true } // TcpConnectionFails (18)
  | { readonly type: "prefixLimitExceeded"; readonly family: Family; readonly limit: number } // ours: RFC 4486 §4
  | { readonly type: "message"; readonly message: Message } // BGPOpen (19, 20), NotifMsg (24, 25), KeepAliveMsg (26), UpdateMsg (27)
  | { readonly type: "parseError"; readonly error: MessageError } // BGPHeaderErr (21), BGPOpenMsgErr (22), UpdateMsgErr (28)
);

/** Why a session ends for good (RFC 4486 §4). */
export type StopReason = "administrativeShutdown" | "peerDeconfigured";

/** Why a session starts over (RFC 4486 §4). */
export type ResetReason = "administrativeReset" | "otherConfigurationChange";

/** What is wrong with a message, and the NOTIFICATION that it earns. */
export interface MessageError {
  readonly reason: NotificationReason;
  readonly data: Uint8Array;
  readonly message: string;
}

const titles: Record<Exclude<Event["type"], "message">, string> = {
  manualStart: "manual start",
  manualStop: "manual stop",
  reset: "reset",
  peerDiscovered: "peer discovered",
  connectRetryTimerExpires: "connect retry timer expires",
  idleHoldTimerExpires: "idle hold timer expires",
  stableTimerExpires: "stable timer expires",
  parametersChanged: "parameters changed",
  dialFails: "tcp connection fails",
  holdTimerExpires: "hold timer expires",
  keepaliveTimerExpires: "keepalive timer expires",
  delayOpenTimerExpires: "delay open timer expires",
  // The seed's two names are the other way round than the RFC's.
  sendHoldTimerExpires: "send hold timer expires",
  strangerFound: "stranger found",
  outboundConnected: "tcp connection confirmed",
  inboundConnected: "tcp connection acked",
  tcpConnectionFails: "tcp connection fails",
  prefixLimitExceeded: "prefix limit exceeded",
  parseError: "parse error",
};

/** The event as logs and histories call it, e.g. `"open message"`. */
export function eventTitle(event: Event): string {
  if (event.type !== "message") return titles[event.type];
  return event.message.type === "routeRefresh" ? "route refresh message" : `${event.message.type} message`;
}
