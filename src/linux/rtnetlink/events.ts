import { ENOBUFS } from "../errno.ts";
import { SystemError } from "../system-error.ts";
import { decodeMessages, type NetlinkMessage } from "./message.ts";
import { receiveDatagram } from "./socket.ts";

/** Events were lost: there is nothing for it but to list what there is again. */
export interface Overrun {
  readonly type: "overrun";
}

/** All events that wait on a socket that hears of changes, in order. @throws {SystemError} */
export function receiveEvents<Event>(
  fd: number,
  decode: (message: NetlinkMessage) => Event | undefined,
): (Event | Overrun)[] {
  const events: (Event | Overrun)[] = [];
  for (;;) {
    const messages = receiveMessages(fd);
    if (messages === undefined) return events;
    if (messages === "overrun") events.push({ type: "overrun" });
    else events.push(...messages.map(decode).filter((event) => event !== undefined));
  }
}

function receiveMessages(fd: number): NetlinkMessage[] | "overrun" | undefined {
  try {
    const octets = receiveDatagram(fd);
    return octets && decodeMessages(octets);
  } catch (error) {
    if (error instanceof SystemError && error.errno === ENOBUFS) return "overrun";
    throw error;
  }
}
