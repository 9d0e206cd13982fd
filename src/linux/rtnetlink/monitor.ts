import type { FileDescriptor } from "../file-descriptor.ts";
import { decodeAddress, type InterfaceAddress, RTM_DELADDR, RTM_NEWADDR } from "./address.ts";
import { receiveEvents } from "./events.ts";
import { decodeLink, type Link, RTM_DELLINK, RTM_NEWLINK } from "./link.ts";
import type { NetlinkMessage } from "./message.ts";
import { netlinkSocket } from "./socket.ts";

/** A change in a namespace. */
export type RtnetlinkEvent =
  /** A link is new or has changed. */
  | { readonly type: "link"; readonly link: Link }
  | { readonly type: "linkDeleted"; readonly link: Link }
  /** An IPv6 address is new or has changed. */
  | { readonly type: "address"; readonly address: InterfaceAddress }
  | { readonly type: "addressDeleted"; readonly address: InterfaceAddress }
  /** Events were lost: list links and addresses again. */
  | { readonly type: "overrun" };

// linux/rtnetlink.h
const RTMGRP_LINK = 0x1;
const RTMGRP_IPV6_IFADDR = 0x100;

/** Hears of changes of links and IPv6 addresses in one namespace. */
export class RtnetlinkMonitor implements Disposable {
  readonly #socket: FileDescriptor;

  private constructor(socket: FileDescriptor) {
    this.#socket = socket;
  }

  /** Hears from now on: list what there is after this, not before. @throws {SystemError} */
  static open(netns: string | null): RtnetlinkMonitor {
    return new RtnetlinkMonitor(netlinkSocket(netns, RTMGRP_LINK | RTMGRP_IPV6_IFADDR));
  }

  /** For a {@link Poller}; it stays ours. */
  get fd(): number {
    return this.#socket.fd;
  }

  /** All events that wait, in order. @throws {SystemError} */
  receive(): RtnetlinkEvent[] {
    return receiveEvents(this.fd, decodeEvent);
  }

  [Symbol.dispose](): void {
    this.#socket[Symbol.dispose]();
  }
}

/** @returns undefined if the message is not about a link or an address */
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
    default:
      return undefined;
  }
}
