import type { Poller } from "../../linux/poller.ts";
import type { InterfaceAddress } from "../../linux/rtnetlink/address.ts";
import type { Link } from "../../linux/rtnetlink/link.ts";
import { type RtnetlinkEvent, RtnetlinkMonitor } from "../../linux/rtnetlink/monitor.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../net/address.ts";
import { isLinkLocal } from "../../net/address.ts";
import type { LinkState } from "./host.ts";

/** Follows the interfaces of a namespace and tells of each change that matters to a session. */
export class KernelLinks implements Disposable {
  readonly #netns: string | null;
  readonly #monitor: RtnetlinkMonitor;
  readonly #watch: Disposable;
  readonly #onLink: (link: LinkState) => void;
  readonly #known = new Map<number, LinkState>();

  /** Tells of all there are before it returns. */
  constructor(netns: string | null, poller: Poller, onLink: (link: LinkState) => void) {
    this.#netns = netns;
    this.#onLink = onLink;
    this.#monitor = RtnetlinkMonitor.open(netns);
    this.#watch = poller.watch(this.#monitor.fd, () => this.#follow());
    this.#list();
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
    this.#monitor[Symbol.dispose]();
  }

  #follow(): void {
    for (const event of this.#monitor.receive()) this.#apply(event);
  }

  #list(): void {
    using kernel = Rtnetlink.open(this.#netns);
    const links = kernel.links();
    const gone = [...this.#known.keys()].filter((known) => !links.some(({ ifindex }) => ifindex === known));
    for (const ifindex of gone) this.#remove(ifindex);
    for (const link of links) this.#update(link);
    for (const address of kernel.addresses()) this.#addAddress(address);
  }

  #apply(event: RtnetlinkEvent): void {
    switch (event.type) {
      case "link":
        return this.#update(event.link);
      case "linkDeleted":
        return this.#remove(event.link.ifindex);
      case "address":
        return this.#addAddress(event.address);
      case "addressDeleted":
        return this.#removeAddress(event.address);
      case "overrun":
        return this.#list();
      default:
        return event satisfies never;
    }
  }

  #update({ ifindex, ifname, mac, running }: Link): void {
    const linkLocal = this.#known.get(ifindex)?.linkLocal;
    this.#tell({ ifindex, ifname, mac, running, linkLocal });
  }

  #remove(ifindex: number): void {
    const known = this.#known.get(ifindex);
    if (known) this.#tell({ ...known, running: false, linkLocal: undefined });
    this.#known.delete(ifindex);
  }

  #addAddress({ ifindex, address, tentative }: InterfaceAddress): void {
    if (isLinkLocal(address) && !tentative) this.#setLinkLocal(ifindex, address);
  }

  #removeAddress({ ifindex, address }: InterfaceAddress): void {
    if (this.#known.get(ifindex)?.linkLocal === address) this.#setLinkLocal(ifindex, undefined);
  }

  #setLinkLocal(ifindex: number, linkLocal: Address | undefined): void {
    const known = this.#known.get(ifindex);
    if (known) this.#tell({ ...known, linkLocal });
  }

  #tell(link: LinkState): void {
    const known = this.#known.get(link.ifindex);
    this.#known.set(link.ifindex, link);
    if (JSON.stringify(known) !== JSON.stringify(link)) this.#onLink(link);
  }
}
