import type { Family } from "../../net/address.ts";
import { type NotificationReason, notificationReasons } from "../wire/notification.ts";
import type { Connection } from "./state.ts";
import type { Farewell } from "./step.ts";

/** What stays of a peer whose session has ended, because it will soon be back (RFC 4724 §4.2). */
export interface Kept {
  readonly families: readonly Family[];
  /** How long it stays without the peer. */
  readonly seconds: number;
}

/** Ends that are meant: nothing stays after them, whatever was agreed on (RFC 8538 §5). */
const hard: ReadonlySet<NotificationReason> = new Set([
  "maximumPrefixes",
  "administrativeShutdown",
  "peerDeconfigured",
  "administrativeReset",
]);

/** What stays of the peer when this connection ends like this; undefined for nothing. */
export function keptAfter(connection: Connection, farewell: Farewell): Kept | undefined {
  if (connection.phase !== "established") return undefined;
  const { gracefulRestart } = connection.negotiated;
  if (!gracefulRestart || gracefulRestart.families.length === 0 || gracefulRestart.restartTime === 0)
    return undefined;
  const gracefully =
    "silent" in farewell ? farewell.gracefully : gracefulRestart.notification && !hard.has(farewell.reason);
  return gracefully
    ? { families: gracefulRestart.families, seconds: gracefulRestart.restartTime }
    : undefined;
}

/** The same farewell, as a peer must hear it that would else keep our routes: a NOTIFICATION in another (RFC 8538 §3.1). */
export function hardened(connection: Connection, farewell: Farewell): Farewell {
  if ("silent" in farewell || !hard.has(farewell.reason) || connection.phase !== "established")
    return farewell;
  const { gracefulRestart } = connection.negotiated;
  if (!gracefulRestart?.notification || !gracefulRestart.asked) return farewell;
  const { reason, data = new Uint8Array(), message } = farewell;
  const words = reason.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
  return {
    reason: "hardReset",
    data: Uint8Array.of(...notificationReasons[reason], ...data),
    message: message === undefined ? words : `${words}: ${message}`,
  };
}
