import type { FileDescriptor } from "../../linux/file-descriptor.ts";
import { addBridge, addVeth, setLinkUp } from "../../linux/rtnetlink/link.ts";
import type { NetlinkRequest } from "../../linux/rtnetlink/message.ts";
import type { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { BRIDGE_SYSCTLS, setSysctls } from "../../linux/sysctl.ts";
import { portName } from "../../plan/far-end.ts";
import type { LinkEndPlan, SegmentPlan } from "../../plan/plan.ts";
import type { Places } from "./places.ts";
import type { Sockets } from "./sockets.ts";

/** Nobody but the kernel sees ports' numbers, so they only have to be others than those of the ends. */
const FIRST_PORT = 1_000_000;

/** What a lab is made in. */
export interface Site {
  readonly places: Places;
  /** By path. */
  readonly sockets: Sockets;
}

/** One end of a shared link, and the port of the bridge that it is for. */
export interface Port extends Pick<SegmentPlan, "netns" | "bridge" | "mtu"> {
  readonly end: LinkEndPlan;
  readonly ifname: string;
  readonly ifindex: number;
}

/** Makes the bridges of shared links, all in one namespace, and running before anything is plugged in. @throws {SystemError} */
export function makeBridges(segments: readonly SegmentPlan[], { sockets, places }: Site): void {
  for (const [netns, own] of Map.groupBy(segments, (segment) => segment.netns)) {
    const bridges = own.flatMap(({ bridge, mtu }) => [addBridge({ ifname: bridge, mtu }), setLinkUp(bridge)]);
    places.make(netns, (path) => {
      setSysctls(null, BRIDGE_SYSCTLS);
      sockets.use(path, (rtnetlink) => rtnetlink.request(bridges), { isInside: true });
    });
  }
}

/** The ports of all bridges, numbered: the kernel heeds the number of a veth's far end only if the near end has one, too. */
export function portsOf(segments: readonly SegmentPlan[]): Port[] {
  const ports = segments.flatMap(({ netns, bridge, mtu, ends }) =>
    ends.map((end, index) => ({ netns, bridge, mtu, end, ifname: portName({ bridge }, index) })),
  );
  return ports.map((port, index) => ({ ...port, ifindex: FIRST_PORT + index }));
}

/** What makes a port, its far end in another namespace. @throws {SystemError} */
export function portRequests(
  { bridge, mtu, end, ifname, ifindex }: Port,
  { rtnetlink, peerNetns }: { rtnetlink: Rtnetlink; peerNetns: FileDescriptor },
): NetlinkRequest[] {
  const master = rtnetlink.links().find((link) => link.ifname === bridge)?.ifindex ?? 0;
  const port = { ifname, ifindex, mac: undefined, bridge: master };
  return [addVeth({ ends: [port, end], mtu, peerNetnsFd: peerNetns.fd }), setLinkUp(ifname)];
}
