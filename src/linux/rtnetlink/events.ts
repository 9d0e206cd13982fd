import { ENOBUFS } from "../errno.ts";
import { DatagramReceiver } from "../recvmsg.ts";
import { SystemError } from "../system-error.ts";
import { decodeMessages, type NetlinkMessage } from "./message.ts";
import { LISTEN_ALL_NETNS, MOST_OCTETS } from "./socket.ts";

/** Something that a socket which hears of changes was told. */
export interface News {
  readonly message: NetlinkMessage;
  /** The number of the namespace where it happened; undefined for the socket's own. */
  readonly netnsId: number | undefined;
}

const receiver = new DatagramReceiver(MOST_OCTETS);

/** All that waits, in order; "overrun" if some was lost, after which there is nothing for it but to list what there is again. @throws {SystemError} */
export function* receiveNews(fd: number): Generator<News | "overrun", void, void> {
  for (;;) {
    const datagram = receive(fd);
    if (datagram === undefined) return;
    if (datagram === "overrun") {
      yield datagram;
      continue;
    }
    const netnsId = netnsIdOf(datagram);
    for (const message of decodeMessages(datagram.octets)) yield { message, netnsId };
  }
}

function receive(fd: number) {
  try {
    return receiver.receive(fd);
  } catch (error) {
    if (error instanceof SystemError && error.errno === ENOBUFS) return "overrun";
    throw error;
  }
}

function netnsIdOf({ control }: NonNullable<ReturnType<DatagramReceiver["receive"]>>): number | undefined {
  const [level, type] = LISTEN_ALL_NETNS;
  const id = control.find((each) => each.level === level && each.type === type)?.data;
  return id && new DataView(id.buffer, id.byteOffset).getInt32(0, true);
}
