import { netnsPath } from "../../linux/netns.ts";
import { addAddress } from "../../linux/rtnetlink/address.ts";
import { getLink, setLinkDown, setLinkUp } from "../../linux/rtnetlink/link.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import type { InterfaceState, InterfaceTarget, RouterTarget } from "../runtime.ts";

/** The names of a router's interfaces, `lo` aside. @throws {SystemError} */
export function listInterfaces(target: RouterTarget): string[] {
  using rtnetlink = open(target);
  return rtnetlink.links().flatMap(({ ifname }) => (ifname === "lo" ? [] : [ifname]));
}

/** Sets an interface up or down as somebody with `ip link` would. @throws {SystemError} */
export function setInterface(target: InterfaceTarget, state: InterfaceState): void {
  const { ifname } = target;
  using rtnetlink = open(target);
  if (state.type === "down") return rtnetlink.request([setLinkDown(ifname)]);
  const { ifindex = 0 } = rtnetlink.links().find((link) => link.ifname === ifname) ?? {};
  rtnetlink.request([setLinkUp(ifname)]);
  const { linkLocal } = state;
  // It may be there already: our own speaker gives it back too.
  if (linkLocal !== undefined) rtnetlink.send([addAddress({ ifindex, address: linkLocal, length: 64 })]);
  rtnetlink.request([getLink(ifname)]);
}

function open({ lab, router }: RouterTarget): Rtnetlink {
  return Rtnetlink.open(netnsPath(`fe80.${lab}.${router}`));
}
