import { ALL_NODES, ALL_ROUTERS } from "../../linux/multicast.ts";
import { decodeDiscovery, encodeDiscovery } from "../../linux/router-advertisement.ts";
import type { Address } from "../../net/address.ts";
import type { Clock } from "../../std/clock.ts";
import { Advertiser, MAX_INTERVAL_MS } from "./advertiser.ts";
import type { DiscoveryPacket, LinkState } from "./host.ts";
import { type Neighborhood, Neighbors } from "./neighbors.ts";
import { Solicitor } from "./solicitor.ts";
import type { Turns } from "./turns.ts";

/** What IPv6 hosts should put in their packets (RFC 1700's default). */
const ADVISED_HOP_LIMIT = 64;

/** What router discovery on one interface does to the outside. */
export interface DiscoveryLinkOwner {
  send(to: Address, packet: Uint8Array): void;
  changed(neighborhood: Neighborhood): void;
  /** Seconds for which we offer ourselves as a default router, as of now. */
  readonly lifetime: number;
  /** A packet was ignored; for the log. */
  note(message: string): void;
}

interface DiscoveryLinkSetup {
  readonly clock: Clock;
  readonly turns: Turns;
  readonly random: () => number;
  /** Whether a session is told that its peer has this address. */
  readonly isPeer: (address: Address) => boolean;
  readonly owner: DiscoveryLinkOwner;
}

/** Router discovery on one interface: who is there, and that we are. */
export class DiscoveryLink implements Disposable {
  readonly #owner: DiscoveryLinkOwner;
  readonly #advertiser: Advertiser;
  readonly #solicitor: Solicitor;
  readonly #neighbors: Neighbors;
  #link: LinkState;

  constructor(link: LinkState, setup: DiscoveryLinkSetup) {
    this.#link = link;
    this.#owner = setup.owner;
    // All links of a process may be due at the same time: a thousand packets at once would keep everybody else waiting.
    const { clock } = setup.turns;
    this.#advertiser = new Advertiser({ ...setup, clock }, () => this.#advertise(ALL_NODES));
    this.#solicitor = new Solicitor(clock, {
      solicit: () => this.#solicit(),
      gaveUp: () => this.#tell(),
    });
    this.#neighbors = new Neighbors(setup, () => this.#tell());
  }

  get ifname(): string {
    return this.#link.ifname;
  }

  get neighborhood(): Neighborhood {
    const { unanswered } = this.#solicitor;
    const ignored = unanswered > 0 ? `nobody answered ${unanswered} Router Solicitations` : undefined;
    return { heard: this.#neighbors.heard, silence: this.#neighbors.lost ?? ignored };
  }

  start(): void {
    this.#advertiser.start();
    this.#solicitor.start();
  }

  /** The interface is now like this; an address of ours that is new is made known at once (RFC 4861 §6.2.8). */
  linkChanged(link: LinkState): void {
    const { linkLocal, mac } = this.#link;
    this.#link = link;
    if (link.linkLocal !== linkLocal || link.mac !== mac) this.#advertiser.start();
  }

  /** How long we are a default router has changed, which is made known at once (RFC 4861 §6.2.4). */
  lifetimeChanged(): void {
    this.#advertiser.start();
  }

  receive({ from: { address }, hopLimit, packet }: DiscoveryPacket): void {
    const message = decodeDiscovery(packet, { from: address, hopLimit });
    if (message.type === "invalid") {
      return this.#owner.note(`ignored a packet from ${address}: ${message.reason}`);
    }
    // A link can bring back what we sent, and from an address that we have no more.
    if (address === this.#link.linkLocal || message.sourceMac === this.#link.mac) return;
    switch (message.type) {
      case "routerSolicitation":
        // RFC 4861 §6.2.6 lets the answer be unicast; without a source address it cannot be. The wait before it, up to
        // half a second so that not all routers of a link answer at once, is left out: here few share a link.
        return address === "::" ? this.#advertiser.hurry() : this.#advertise(address);
      case "routerAdvertisement":
        this.#solicitor.answered();
        if (this.#neighbors.hear(address, message)) this.#advertiser.hurry();
        return;
      default:
        return message satisfies never;
    }
  }

  /** A default router says that it is none any more (RFC 4861 §6.2.5). */
  leave(): void {
    if (this.#owner.lifetime > 0) this.#advertise(ALL_NODES, 0);
  }

  [Symbol.dispose](): void {
    for (const part of [this.#advertiser, this.#solicitor, this.#neighbors]) part[Symbol.dispose]();
  }

  #advertise(to: Address, lifetime = this.#owner.lifetime): void {
    const message = {
      type: "routerAdvertisement",
      hopLimit: ADVISED_HOP_LIMIT,
      lifetime,
      sourceMac: this.#link.mac,
      intervalMs: MAX_INTERVAL_MS,
    } as const;
    this.#owner.send(to, encodeDiscovery(message));
  }

  #solicit(): void {
    const message = { type: "routerSolicitation", sourceMac: this.#link.mac } as const;
    this.#owner.send(ALL_ROUTERS, encodeDiscovery(message));
  }

  #tell(): void {
    this.#owner.changed(this.neighborhood);
  }
}
