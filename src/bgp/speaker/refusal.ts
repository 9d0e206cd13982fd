import { encodeMessages } from "../wire/codec.ts";
import { notificationReasons } from "../wire/notification.ts";
import type { Transport } from "./host.ts";

/** Ends a connection that no session wants with Cease/Connection Rejected (RFC 4486). */
export function refuse(transport: Transport): void {
  const [code, subcode] = notificationReasons.connectionRejected;
  const message = { type: "notification", code, subcode, data: new Uint8Array() } as const;
  for (const octets of encodeMessages(message, undefined)) transport.send(octets);
  transport.close();
}
