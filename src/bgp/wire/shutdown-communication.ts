import type { Notification } from "./message.ts";
import { notificationReasons } from "./notification.ts";

const MAX_OCTETS = 255;

/** What the operator of the other end wants to say, if the NOTIFICATION is one of those that may and is well formed (RFC 9003 §2). */
export function shutdownCommunication({ code, subcode, data }: Notification): string | undefined {
  const { administrativeShutdown, administrativeReset } = notificationReasons;
  if (![administrativeShutdown, administrativeReset].some(([c, s]) => c === code && s === subcode)) {
    return undefined;
  }
  const [length = 0] = data;
  if (length === 0 || length !== data.length - 1) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data.subarray(1));
  } catch {
    return undefined;
  }
}

/** The data of such a NOTIFICATION: `text` behind its length, cut between characters where 255 octets of UTF-8 are full. */
export function encodeShutdownCommunication(text: string): Uint8Array {
  const octets = new Uint8Array(1 + MAX_OCTETS);
  const { written } = new TextEncoder().encodeInto(text, octets.subarray(1));
  octets[0] = written;
  return octets.slice(0, 1 + written);
}
