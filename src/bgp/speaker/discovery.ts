import { ALL_NODES, ALL_ROUTERS } from "../../linux/multicast.ts";
import { decodeDiscovery, encodeDiscovery } from "../../linux/router-advertisement.ts";
import { SystemError } from "../../linux/system-error.ts";
import type { Address } from "../../net/address.ts";
import type { Clock } from "../../std/clock.ts";
import type { DiscoveryPacket, LinkState, RouterHost } from "./host.ts";

/** Advertisements in a row after a link comes up, for a peer that was not listening yet (RFC 4861 §10). */
const INITIAL_ADVERTISEMENTS = 3;
const INITIAL_INTERVAL_MS = 1000;
/** Within RFC 4861 §6.2.1's bounds for MaxRtrAdvInterval, and what FRR does. */
const INTERVAL_MS = 10_000;

/** What IPv6 hosts should put in their packets (RFC 1700's default). */
const ADVISED_HOP_LIMIT = 64;

export interface DiscoveryOwner {
  /** A router that is not us was heard on an interface; told each time. */
  heard(ifname: string, address: Address): void;
  /** Something could not be sent or was not valid; for the log. */
  note(ifname: string, message: string): void;
}

interface ActiveLink {
  link: LinkState;
  heard: boolean;
  sent: number;
  timer: Disposable | undefined;
}

/**
 * Finds the peer on each interface by Router Advertisements, and lets it find us (RFC 4861).
 *
 * We are nobody's default router: our advertisements have a lifetime of 0.
 */
export class Discovery implements Disposable {
  readonly #host: RouterHost;
  readonly #clock: Clock;
  readonly #owner: DiscoveryOwner;
  readonly #active = new Map<number, ActiveLink>();

  constructor(host: RouterHost, clock: Clock, owner: DiscoveryOwner) {
    this.#host = host;
    this.#clock = clock;
    this.#owner = owner;
    host.receiveDiscovery((packet) => this.#receive(packet));
  }

  /** An interface with a session is now like this. */
  linkChanged(link: LinkState): void {
    const active = this.#active.get(link.ifindex);
    if (!link.running || link.linkLocal === undefined) {
      active?.timer?.[Symbol.dispose]();
      this.#active.delete(link.ifindex);
    } else if (active) {
      active.link = link;
    } else {
      this.#activate(link);
    }
  }

  [Symbol.dispose](): void {
    for (const { timer } of this.#active.values()) timer?.[Symbol.dispose]();
    this.#active.clear();
  }

  #activate(link: LinkState): void {
    const active: ActiveLink = { link, heard: false, sent: 0, timer: undefined };
    this.#active.set(link.ifindex, active);
    this.#try(link, () => this.#host.joinDiscovery(link.ifindex));
    this.#announce(active);
  }

  /** Advertises, and solicits for as long as nobody was heard. */
  #announce(active: ActiveLink): void {
    this.#advertise(active.link, ALL_NODES);
    if (!active.heard) {
      const packet = encodeDiscovery({ type: "routerSolicitation", sourceMac: active.link.mac });
      this.#send(active.link, ALL_ROUTERS, packet);
    }
    active.sent++;
    const wait = active.sent < INITIAL_ADVERTISEMENTS ? INITIAL_INTERVAL_MS : INTERVAL_MS;
    active.timer = this.#clock.after(wait, () => this.#announce(active));
  }

  #receive({ from, hopLimit, packet }: DiscoveryPacket): void {
    const active = this.#active.get(from.ifindex);
    if (!active || from.address === active.link.linkLocal) return;
    const { ifname } = active.link;
    const message = decodeDiscovery(packet, { from: from.address, hopLimit });
    switch (message.type) {
      case "routerSolicitation":
        // RFC 4861 §6.2.6 lets the answer be unicast; without a source address it cannot be.
        return this.#advertise(active.link, from.address === "::" ? ALL_NODES : from.address);
      case "routerAdvertisement":
        active.heard = true;
        return this.#owner.heard(ifname, from.address);
      case "invalid":
        return this.#owner.note(ifname, `ignored a packet from ${from.address}: ${message.reason}`);
      default:
        return message satisfies never;
    }
  }

  #advertise(link: LinkState, to: Address): void {
    const message = {
      type: "routerAdvertisement",
      hopLimit: ADVISED_HOP_LIMIT,
      lifetime: 0,
      sourceMac: link.mac,
    } as const;
    this.#send(link, to, encodeDiscovery(message));
  }

  #send(link: LinkState, address: Address, packet: Uint8Array): void {
    this.#try(link, () => this.#host.sendDiscovery({ ifindex: link.ifindex, address }, packet));
  }

  /** An interface may go at any moment; the next link event says so. */
  #try({ ifname }: LinkState, attempt: () => void): void {
    try {
      attempt();
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      this.#owner.note(ifname, error.message);
    }
  }
}
