import type { MessageRecord } from "../../bgp/control/session-detail.ts";
import type { EndFacts } from "./session-facts.ts";

/** A NOTIFICATION that ended a connection, as `lastError` tells of it. */
export interface EndedBy {
  readonly direction: "sent" | "received";
  /** Numbers of RFC 4271 §4.5 and its successors. */
  readonly code: number;
  readonly subcode: number;
  /** What the end that tells knows beyond the numbers; empty for nothing. */
  readonly message: string;
}

/** Reads a session's `lastError`; undefined if no NOTIFICATION ended the connection. */
export function readNotification(lastError: string | null | undefined): EndedBy | undefined {
  const match = /(sent|received) NOTIFICATION (\d+)\/(\d+)(?: \([^)]*\))?(?:: (.*))?$/.exec(lastError ?? "");
  if (!match) return undefined;
  const [, direction, code, subcode, message = ""] = match;
  const sent = direction === "sent";
  return {
    direction: sent ? "sent" : "received",
    code: Number(code),
    subcode: Number(subcode),
    message,
  };
}

/** The NOTIFICATION that ended a session, and not just a connection of one that had ended already. */
export function endingOf({ status }: EndFacts): EndedBy | undefined {
  const last = readNotification(status?.lastError);
  if (!status || !last || !isAftermath(last) || !("messages" in status)) return last;
  return status.messages.flatMap((message) => readMessage(message) ?? []).findLast(isFirst) ?? last;
}

function readMessage({ message, direction, contents }: MessageRecord): EndedBy | undefined {
  if (message !== "notification") return undefined;
  const [, code, subcode] = /^Notification \[ (\d+)\/(\d+)/.exec(contents) ?? [];
  return { direction, code: Number(code), subcode: Number(subcode), message: "" };
}

/** Connections that come while a session waits in Idle are rejected, and of two that collide one must go (RFC 4486 §4). */
const isAftermath = ({ code, subcode }: EndedBy): boolean => code === 6 && (subcode === 5 || subcode === 7);

const isFirst = (ended: EndedBy): boolean => !isAftermath(ended);
