import { SystemError } from "../../linux/system-error.ts";
import type { Address } from "../../net/address.ts";
import type { Clock } from "../../std/clock.ts";
import { DiscoveryLink } from "./discovery-link.ts";
import type { LinkState, RouterHost } from "./host.ts";
import { type Neighborhood, nobody } from "./neighbors.ts";
import type { Turns } from "./turns.ts";

export interface DiscoverySetup {
  readonly host: RouterHost;
  readonly clock: Clock;
  readonly turns: Turns;
  /** Uniform from 0 to below 1. */
  readonly random: () => number;
  readonly owner: DiscoveryOwner;
  /** Seconds for which we offer ourselves as a default router on an interface; 0 for not at all. */
  readonly lifetimeOf: (ifname: string) => number;
  /** Whether a session of an interface is told that its peer has this address. */
  readonly isPeer: (ifname: string, address: Address) => boolean;
}

export interface DiscoveryOwner {
  /** Who can be heard on an interface has changed. */
  heard(ifname: string, neighborhood: Neighborhood): void;
  /** Something could not be sent or was not valid; for the log. */
  note(ifname: string, message: string): void;
}

/** Finds the peer on each interface by Router Advertisements, and lets it find us (RFC 4861). */
export class Discovery implements Disposable {
  readonly #setup: DiscoverySetup;
  /** By index: a name can come to mean another interface. */
  readonly #active = new Map<number, DiscoveryLink>();

  constructor(setup: DiscoverySetup) {
    this.#setup = setup;
    // A packet belongs to the interface that it came in on, whatever its addresses are: they are the same on many links.
    setup.host.receiveDiscovery((packet) => this.#active.get(packet.from.ifindex)?.receive(packet));
  }

  /** An interface with a session is now like this. */
  linkChanged(link: LinkState): void {
    const active = this.#active.get(link.ifindex);
    if (!link.running || link.linkLocal === undefined) {
      active?.[Symbol.dispose]();
      this.#active.delete(link.ifindex);
      if (active) this.#setup.owner.heard(link.ifname, nobody);
    } else if (active) {
      active.linkChanged(link);
    } else {
      this.#activate(link);
    }
  }

  /** Who can be heard on an interface. */
  neighborhoodOn(ifindex: number): Neighborhood {
    return this.#active.get(ifindex)?.neighborhood ?? nobody;
  }

  /** What `lifetimeOf` says of an interface is now something else. */
  lifetimeChanged(ifname: string): void {
    for (const active of this.#active.values()) if (active.ifname === ifname) active.lifetimeChanged();
  }

  /** An interface is no longer ours to advertise on. */
  leave(ifindex: number): void {
    const active = this.#active.get(ifindex);
    active?.leave();
    active?.[Symbol.dispose]();
    this.#active.delete(ifindex);
  }

  [Symbol.dispose](): void {
    for (const ifindex of [...this.#active.keys()]) this.leave(ifindex);
  }

  #activate(link: LinkState): void {
    const { ifindex, ifname } = link;
    const { host, owner, lifetimeOf, isPeer } = this.#setup;
    const active = new DiscoveryLink(link, {
      ...this.#setup,
      isPeer: (address) => isPeer(ifname, address),
      owner: {
        send: (address, packet) => this.#try(ifname, () => host.sendDiscovery({ ifindex, address }, packet)),
        changed: (neighborhood) => owner.heard(ifname, neighborhood),
        note: (message) => owner.note(ifname, message),
        get lifetime() {
          return lifetimeOf(ifname);
        },
      },
    });
    this.#active.set(ifindex, active);
    this.#try(ifname, () => host.joinDiscovery(ifindex));
    active.start();
  }

  /** An interface may go at any moment; the next link event says so. */
  #try(ifname: string, attempt: () => void): void {
    try {
      attempt();
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      this.#setup.owner.note(ifname, error.message);
    }
  }
}
