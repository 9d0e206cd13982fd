import type { Family } from "../../net/address.ts";
import type { Update } from "../wire/message.ts";
import type { NotificationReason } from "../wire/notification.ts";
import type { Negotiated } from "./negotiation.ts";
import type { Jitter } from "./parameters.ts";
import type { Kept } from "./restart.ts";
import type { ConnectionId } from "./state.ts";

/** Outputs of the state machine; the speaker carries them out in order. */
export type Action =
  /** Open a connection to the peer's address of now, in place of any attempt under way; nothing without an address. */
  | { readonly type: "dial" }
  | { readonly type: "cancelDial" }
  /** For `seconds`, times a random factor in the range of `jitter`. */
  | {
      readonly type: "startTimer";
      readonly timer: SessionTimer;
      readonly seconds: number;
      readonly jitter: Jitter;
    }
  | { readonly type: "stopTimer"; readonly timer: SessionTimer }
  /** The session is up: routing may start. */
  | { readonly type: "sessionUp"; readonly connection: ConnectionId; readonly negotiated: Negotiated }
  /** The session is down: what the peer told goes, but for what is kept. */
  | { readonly type: "sessionDown"; readonly kept: Kept | undefined }
  | { readonly type: "updateReceived"; readonly update: Update }
  | { readonly type: "refreshRequested"; readonly family: Family }
  /** The peer begins, or has ended, to tell all of its routes again (RFC 7313 §4). */
  | { readonly type: "refreshBegins" | "refreshEnds"; readonly family: Family }
  /** Why a connection or a dial ended, in words. */
  | { readonly type: "ended"; readonly cause: string }
  | ConnectionAction;

/** Closing a connection also stops its timers. */
export type ConnectionAction = { readonly connection: ConnectionId } & (
  | { readonly type: "sendOpen" }
  | { readonly type: "sendKeepalive" }
  | { readonly type: "sendNotification"; readonly reason: NotificationReason; readonly data: Uint8Array }
  | { readonly type: "close" }
  | { readonly type: "startConnectionTimer"; readonly timer: ConnectionTimer; readonly seconds: number }
  | { readonly type: "stopConnectionTimer"; readonly timer: ConnectionTimer }
);

/** `stable` is ours: it runs out when a session was up for long enough to forget its failures. */
export type SessionTimer = "connectRetry" | "idleHold" | "stable";
export type ConnectionTimer = "hold" | "keepalive" | "delayOpen" | "sendHold";
