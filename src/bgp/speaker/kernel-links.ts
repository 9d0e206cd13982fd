import type { InterfaceAddress } from "../../linux/rtnetlink/address.ts";
import type { Link } from "../../linux/rtnetlink/link.ts";
import type { RtnetlinkEvent, RtnetlinkMonitor } from "../../linux/rtnetlink/monitor.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import type { Address } from "../../net/address.ts";
import { isLinkLocal } from "../../net/address.ts";
import type { LinkState } from "./host.ts";
import { withoutLink } from "./links.ts";

interface Known {
  link: LinkState;
  /** All that can be used, the oldest first: that one stands for the interface. */
  readonly linkLocals: Set<Address>;
}

/** Follows the interfaces of a namespace and tells of each change that matters to a session. */
export class KernelLinks implements Disposable {
  readonly #netns: string | null;
  readonly #watch: Disposable;
  readonly #onLink: (link: LinkState) => void;
  readonly #known = new Map<number, Known>();

  /** Tells of all there are before it returns. */
  constructor(netns: string | null, monitor: RtnetlinkMonitor, onLink: (link: LinkState) => void) {
    this.#netns = netns;
    this.#onLink = onLink;
    this.#watch = monitor.watch(netns, (event) => this.#apply(event), { routes: false });
    this.#list();
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
  }

  /** Brings all up to date, what is gone first: a name may be another interface's by now. */
  #list(): void {
    using kernel = Rtnetlink.open(this.#netns);
    const links = kernel.links();
    const addresses = kernel.addresses();
    const gone = [...this.#known.keys()].filter((known) => !links.some(({ ifindex }) => ifindex === known));
    for (const ifindex of gone) this.#remove(ifindex);
    for (const link of links) this.#update(link);
    for (const [ifindex, { linkLocals }] of this.#known) {
      const has = (address: Address) =>
        addresses.some((known) => known.ifindex === ifindex && known.address === address);
      for (const address of linkLocals) if (!has(address)) this.#removeAddress({ ifindex, address });
    }
    for (const address of addresses) this.#addAddress(address);
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
      case "route":
        return undefined;
      default:
        return event satisfies never;
    }
  }

  #update({ ifindex, ifname, mac, running, up }: Link): void {
    const known = this.#known.get(ifindex);
    if (known) return this.#tell(known, { ifname, mac, running, up });
    const link: LinkState = { ifindex, ifname, mac, running, up, linkLocal: undefined };
    this.#known.set(ifindex, { link, linkLocals: new Set() });
    this.#onLink(link);
  }

  #remove(ifindex: number): void {
    const known = this.#known.get(ifindex);
    this.#known.delete(ifindex);
    if (known) this.#onLink(withoutLink(known.link));
  }

  #addAddress({ ifindex, address, tentative }: InterfaceAddress): void {
    const known = this.#known.get(ifindex);
    if (!known || tentative || !isLinkLocal(address)) return;
    known.linkLocals.add(address);
    this.#tell(known, {});
  }

  #removeAddress({ ifindex, address }: Pick<InterfaceAddress, "ifindex" | "address">): void {
    const known = this.#known.get(ifindex);
    if (known?.linkLocals.delete(address)) this.#tell(known, {});
  }

  #tell(known: Known, change: Partial<LinkState>): void {
    const [linkLocal] = known.linkLocals;
    const link = { ...known.link, ...change, linkLocal };
    const news = JSON.stringify(link) !== JSON.stringify(known.link);
    known.link = link;
    if (news) this.#onLink(link);
  }
}
