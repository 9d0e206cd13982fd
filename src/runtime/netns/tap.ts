import { formatMac } from "../../linux/mac.ts";
import { PacketSocket } from "../../linux/packet-socket.ts";
import { Poller } from "../../linux/poller.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { SystemError } from "../../linux/system-error.ts";
import type { Frame, PacketFilter } from "../runtime.ts";
import type { Interface } from "./interface.ts";

/** So many frames of one interface at most before the others have their turn. */
const MOST_FRAMES = 256;

/** A frame, and the place among those that are tapped of the interface at which it was seen. */
type TappedFrame = Omit<Frame, "target"> & { readonly index: number };

/** Calls back for each frame of some interfaces until it is disposed of. @throws {SystemError} if one is not there */
export function tapInterfaces(
  targets: readonly Interface[],
  onFrame: (frame: TappedFrame) => void,
  filter: PacketFilter = [],
): Disposable {
  using stack = new DisposableStack();
  const poller = stack.use(new Poller());
  for (const [index, target] of targets.entries()) {
    const { ifindex, mac } = findLink(target);
    const socket = stack.use(PacketSocket.open({ netns: target.netns, ifindex, filter }));
    const read = () => {
      for (let count = 0; count < MOST_FRAMES; count++) {
        const octets = nextFrame(socket);
        if (octets === undefined) return;
        onFrame({ index, octets, sent: formatMac(octets.subarray(6, 12)) === mac });
      }
    };
    stack.use(poller.watch(socket.fd, read));
  }
  return stack.move();
}

/** An interface that goes down says so once, in place of a frame. */
function nextFrame(socket: PacketSocket): Uint8Array | undefined {
  try {
    return socket.receive();
  } catch (error) {
    if (error instanceof SystemError && error.errnoName === "ENETDOWN") return undefined;
    throw error;
  }
}

function findLink({ netns, ifname }: Interface) {
  using rtnetlink = Rtnetlink.open(netns);
  const link = rtnetlink.links().find((candidate) => candidate.ifname === ifname);
  if (link) return link;
  throw new SystemError({ call: "find link", object: `${ifname} in ${netns}`, errno: 19 });
}
