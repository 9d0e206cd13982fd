import { dropIncoming, takeIncoming } from "../../linux/nf-tables.ts";
import { addAddress } from "../../linux/rtnetlink/address.ts";
import { getLink, setLinkDown, setLinkUp } from "../../linux/rtnetlink/link.ts";
import { addDefaultRoute } from "../../linux/rtnetlink/route-request.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { SystemError } from "../../linux/system-error.ts";
import { KernelFeatureMissingError } from "../errors.ts";
import type { InterfaceState } from "../runtime.ts";

/** An interface of a namespace. */
export interface Interface {
  /** Path of the namespace. */
  readonly netns: string;
  readonly ifname: string;
}

/** The names of a namespace's interfaces, `lo` aside. @throws {SystemError} */
export function listInterfaces(netns: string): string[] {
  using rtnetlink = Rtnetlink.open(netns);
  return rtnetlink.links().flatMap(({ ifname }) => (ifname === "lo" ? [] : [ifname]));
}

/** Sets an interface up or down as somebody with `ip link` would. @throws {SystemError} */
export function setInterface({ netns, ifname }: Interface, state: InterfaceState): void {
  using rtnetlink = Rtnetlink.open(netns);
  if (state.type === "down") return rtnetlink.request([setLinkDown(ifname)]);
  const { ifindex = 0 } = rtnetlink.links().find((link) => link.ifname === ifname) ?? {};
  rtnetlink.request([setLinkUp(ifname)]);
  const { addresses, defaultRoutes: { gateway, families } = { gateway: undefined, families: [] } } = state;
  // They may be there already: IPv4 addresses stay, and our own speaker gives the link-local one back too.
  rtnetlink.send([
    ...addresses.map((address) => addAddress({ ifindex, ...address })),
    ...families.map((family) => addDefaultRoute(family, { ifindex, gateway })),
  ]);
  rtnetlink.request([getLink(ifname)]);
}

/** Lets an interface drop all that it receives, or take it in again. @throws {KernelFeatureMissingError} @throws {SystemError} */
export function setDropping({ netns, ifname }: Interface, dropping: boolean): void {
  try {
    (dropping ? dropIncoming : takeIncoming)(netns, ifname);
  } catch (cause) {
    if (!(cause instanceof SystemError && withoutNftables.includes(cause.errnoName))) throw cause;
    const message = "to drop packets silently needs nftables, which this kernel does not have";
    const hint = "install the modules of this kernel (nf_tables), or set the link down instead";
    throw new KernelFeatureMissingError(message, { cause, hint });
  }
}

/** Of the socket, of the batch, and of a chain of the family netdev. */
const withoutNftables = ["EPROTONOSUPPORT", "EOPNOTSUPP", "EAFNOSUPPORT"];
