import { FileDescriptor } from "../file-descriptor.ts";
import { inNewNetns } from "../netns.ts";
import type { Poller } from "../poller.ts";
import { decodeAddress, type InterfaceAddress, RTM_DELADDR, RTM_NEWADDR } from "./address.ts";
import { receiveNews } from "./events.ts";
import { decodeLink, type Link, RTM_DELLINK, RTM_NEWLINK } from "./link.ts";
import type { NetlinkMessage } from "./message.ts";
import { addNetnsId } from "./netns-id.ts";
import { ownRoutesFilter } from "./own-routes-filter.ts";
import { decodeRoute, type KernelRoute, RTM_DELROUTE, RTM_NEWROUTE } from "./route.ts";
import { Rtnetlink } from "./rtnetlink.ts";
import { joinGroup, LISTEN_ALL_NETNS, netlinkSocket } from "./socket.ts";

/** A change in a namespace. */
export type RtnetlinkEvent =
  /** A link is new or has changed. */
  | { readonly type: "link"; readonly link: Link }
  | { readonly type: "linkDeleted"; readonly link: Link }
  /** An address is new or has changed. */
  | { readonly type: "address"; readonly address: InterfaceAddress }
  | { readonly type: "addressDeleted"; readonly address: InterfaceAddress }
  /** A route of ours or a person's came, became another, or went, by the hand of another program. Only told if asked for. */
  | { readonly type: "route"; readonly route: KernelRoute }
  /** Events were lost: list what there is again. */
  | { readonly type: "overrun" };

type Heard = (event: RtnetlinkEvent) => void;

// linux/rtnetlink.h
const RTMGRP_LINK = 0x1;
const RTMGRP_IPV4_IFADDR = 0x10;
const RTMGRP_IPV6_IFADDR = 0x100;
const GROUPS = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
const ROUTE_GROUPS = [7, 11]; // RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE

/** Stands for the one namespace of a socket that hears of no other. */
const OWN = -1;

/**
 * Hears of changes of links, addresses and routes in many namespaces, by one socket.
 *
 * Of every change the kernel asks each socket that listens in any namespace of the machine whether it wants to hear of it: with
 * one for each of a thousand routers that takes ten times as long as to install a route. And of those that want to hear of
 * routes it goes through all namespaces that they have numbers for: so hear of routes when most are installed.
 */
export class RtnetlinkMonitor implements Disposable {
  readonly #poller: Poller;
  /** For all namespaces that have a name; and for the process's own. */
  #named: Ear | undefined;
  #own: Ear | undefined;

  constructor(poller: Poller) {
    this.#poller = poller;
  }

  /**
   * Hears from now on until the result is disposed of: list what there is after this, not before.
   *
   * @param about without `routes`, of these only if somebody else has asked for them @throws {SystemError}
   */
  watch(netns: string | null, heard: Heard, about: { readonly routes: boolean }): Disposable {
    const ear = netns === null ? this.#forOwn() : this.#forNamed();
    if (about.routes) ear.hearRoutes();
    return ear.add(netns, heard);
  }

  [Symbol.dispose](): void {
    this.#named?.[Symbol.dispose]();
    this.#own?.[Symbol.dispose]();
  }

  #forOwn(): Ear {
    this.#own ??= new Ear(this.#poller, openOwn());
    return this.#own;
  }

  #forNamed(): Ear {
    this.#named ??= new Ear(this.#poller, inNewNetns(openNamed));
    return this.#named;
  }
}

interface Sockets {
  readonly socket: FileDescriptor;
  /** In the same namespace, if that is one which has numbers for others. */
  readonly rtnetlink?: Rtnetlink;
}

/** One socket, and those who hear by it. */
class Ear implements Disposable {
  readonly #sockets: Sockets;
  readonly #watch: Disposable;
  readonly #heard = new Map<number, Set<Heard>>();
  #ids = 0;
  #hearsRoutes = false;

  constructor(poller: Poller, sockets: Sockets) {
    this.#sockets = sockets;
    this.#watch = poller.watch(sockets.socket.fd, () => this.#receive());
  }

  /** From now on it hears of routes, too. */
  hearRoutes(): void {
    if (this.#hearsRoutes) return;
    this.#hearsRoutes = true;
    for (const group of ROUTE_GROUPS) joinGroup(this.#sockets.socket.fd, group);
  }

  add(netns: string | null, heard: Heard): Disposable {
    const id = netns === null ? OWN : this.#idOf(netns);
    const all = this.#heard.get(id) ?? new Set();
    this.#heard.set(id, all.add(heard));
    return {
      [Symbol.dispose]: () => {
        all.delete(heard);
        if (all.size === 0 && this.#heard.get(id) === all) this.#heard.delete(id);
      },
    };
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
    this.#sockets.socket[Symbol.dispose]();
    this.#sockets.rtnetlink?.[Symbol.dispose]();
  }

  /** The number by which a namespace is told of here. */
  #idOf(netns: string): number {
    const { rtnetlink } = this.#sockets;
    if (!rtnetlink) return OWN;
    using file = FileDescriptor.open(netns);
    const known = rtnetlink.netnsId(file.fd);
    if (known !== undefined) return known;
    rtnetlink.request([addNetnsId({ fd: file.fd, id: this.#ids })]);
    return this.#ids++;
  }

  #receive(): void {
    for (const news of receiveNews(this.#sockets.socket.fd)) {
      if (news === "overrun") {
        for (const all of [...this.#heard.values()]) tell(all, { type: "overrun" });
        continue;
      }
      const all = this.#heard.get(news.netnsId ?? OWN);
      const event = all && decodeEvent(news.message);
      if (event) tell(all, event);
    }
  }
}

function tell(all: ReadonlySet<Heard>, event: RtnetlinkEvent): void {
  for (const heard of all) heard(event);
}

function openOwn(): Sockets {
  return { socket: netlinkSocket(null, { groups: GROUPS, options: [ownRoutesFilter()] }) };
}

/** In a namespace that is there for this alone, and so has a number for each of the others. */
function openNamed(): Sockets {
  const options = [ownRoutesFilter(), LISTEN_ALL_NETNS];
  return { socket: netlinkSocket(null, { groups: GROUPS, options }), rtnetlink: Rtnetlink.open(null) };
}

/** @returns undefined if the message is about nothing that is told of */
export function decodeEvent({ type, body }: NetlinkMessage): RtnetlinkEvent | undefined {
  switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK: {
      const link = decodeLink(body);
      return link && { type: type === RTM_NEWLINK ? "link" : "linkDeleted", link };
    }
    case RTM_NEWADDR:
    case RTM_DELADDR: {
      const address = decodeAddress(body);
      return address && { type: type === RTM_NEWADDR ? "address" : "addressDeleted", address };
    }
    case RTM_NEWROUTE:
    case RTM_DELROUTE: {
      const route = decodeRoute(body);
      return route && { type: "route", route };
    }
    default:
      return undefined;
  }
}
