import type { FileDescriptor } from "../../linux/file-descriptor.ts";
import { addBridge, addVeth, setLinkUp } from "../../linux/rtnetlink/link.ts";
import type { NetlinkRequest } from "../../linux/rtnetlink/message.ts";
import type { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { BRIDGE_SYSCTLS, setSysctls } from "../../linux/sysctl.ts";
import type { SegmentEndPlan, SegmentPlan } from "../../plan/plan.ts";
import type { Places } from "./places.ts";
import type { Sockets } from "./sockets.ts";

/** What a lab is made in. */
export interface Site {
  readonly lab: string;
  readonly places: Places;
  /** By path. */
  readonly sockets: Sockets;
}

/** One end of a shared link, and the bridge that it is for. */
export interface Plug extends Pick<SegmentPlan, "netns" | "bridge" | "mtu"> {
  readonly end: SegmentEndPlan;
}

/** Makes those bridges of shared links that are not there, all in one namespace, and running before anything is plugged in. @throws {SystemError} */
export function makeBridges(segments: readonly SegmentPlan[], { sockets, places }: Site): void {
  for (const [netns, own] of Map.groupBy(segments, (segment) => segment.netns)) {
    const make = (rtnetlink: Rtnetlink) => {
      const known = new Set(rtnetlink.links().map(({ ifname }) => ifname));
      const missing = own.filter(({ bridge }) => !known.has(bridge));
      rtnetlink.request(
        missing.flatMap(({ bridge, mtu }) => [addBridge({ ifname: bridge, mtu }), setLinkUp(bridge)]),
      );
    };
    places.ensure(netns, (path) => {
      setSysctls(null, BRIDGE_SYSCTLS);
      sockets.use(path, make, { isInside: true });
    });
  }
}

/** Every end of shared links. */
export function plugsOf(segments: readonly SegmentPlan[]): Plug[] {
  return segments.flatMap(({ netns, bridge, mtu, ends }) => ends.map((end) => ({ netns, bridge, mtu, end })));
}

/** What makes a port, its far end in another namespace. @throws {SystemError} */
export function plugRequests(
  { bridge, mtu, end: { port, ...end } }: Plug,
  { rtnetlink, peerNetns }: { rtnetlink: Rtnetlink; peerNetns: FileDescriptor },
): NetlinkRequest[] {
  const master = rtnetlink.links().find((link) => link.ifname === bridge)?.ifindex ?? 0;
  // The kernel heeds the number of a veth's far end only if the near end has one, too.
  const near = { ...port, mac: undefined, bridge: master };
  return [addVeth({ ends: [near, end], mtu, peerNetnsFd: peerNetns.fd }), setLinkUp(port.ifname)];
}
