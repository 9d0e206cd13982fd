import { Icmp6Socket } from "../linux/icmp6.ts";
import { ALL_NODES } from "../linux/multicast.ts";
import type { Poller } from "../linux/poller.ts";
import { decodeDiscovery, encodeDiscovery } from "../linux/router-advertisement.ts";
import { Rtnetlink } from "../linux/rtnetlink/rtnetlink.ts";
import { SystemError } from "../linux/system-error.ts";
import type { Address } from "../net/address.ts";
import type { Clock } from "../std/clock.ts";

/** Between two advertisements: the least that RFC 4861 §10 allows (MIN_DELAY_BETWEEN_RAS). */
const intervalMs = 3000;

/** What IPv6 hosts should put in their packets (RFC 1700's default). */
const advisedHopLimit = 64;

/** An interface, and for how many seconds it offers a default router; 0 for not at all. */
export interface AdvertisedInterface {
  readonly ifname: string;
  readonly lifetime: number;
}

/** Sends Router Advertisements in a network namespace for a program that speaks BGP there but sends none (RFC 4861). */
export class Advertiser implements Disposable {
  readonly #stack = new DisposableStack();
  readonly #icmp6: Icmp6Socket;
  readonly #rtnetlink: Rtnetlink;
  readonly #clock: Clock;
  readonly #interfaces: readonly AdvertisedInterface[];
  #next: Disposable | undefined;

  /** Begins at once. @throws {SystemError} EPERM without CAP_NET_RAW */
  constructor(
    interfaces: readonly AdvertisedInterface[],
    { netns, clock, poller }: { netns: string | null; clock: Clock; poller: Poller },
  ) {
    this.#interfaces = interfaces;
    this.#clock = clock;
    this.#icmp6 = this.#stack.use(Icmp6Socket.open(netns));
    this.#rtnetlink = this.#stack.use(Rtnetlink.open(netns));
    this.#stack.use(poller.watch(this.#icmp6.fd, () => this.#answer()));
    this.#advertise();
  }

  [Symbol.dispose](): void {
    this.#next?.[Symbol.dispose]();
    this.#stack[Symbol.dispose]();
  }

  #advertise(): void {
    for (const { ifindex } of this.#links()) this.#send(ifindex, ALL_NODES);
    this.#next = this.#clock.after(intervalMs, () => this.#advertise());
  }

  /** Those who have just come and ask are told at once. */
  #answer(): void {
    for (const { ifindex, from, hopLimit, packet } of this.#icmp6.receive()) {
      if (decodeDiscovery(packet, { from, hopLimit }).type !== "routerSolicitation") continue;
      this.#send(ifindex, from === "::" ? ALL_NODES : from);
    }
  }

  /** Asked each time: an interface may go and come back as another. */
  #links() {
    const names = new Set(this.#interfaces.map(({ ifname }) => ifname));
    return this.#rtnetlink.links().filter(({ ifname }) => names.has(ifname));
  }

  #send(ifindex: number, to: Address): void {
    const link = this.#links().find((link) => link.ifindex === ifindex);
    const lifetime = this.#interfaces.find(({ ifname }) => ifname === link?.ifname)?.lifetime;
    if (link === undefined || lifetime === undefined) return;
    const { mac: sourceMac } = link;
    const packet = encodeDiscovery({
      type: "routerAdvertisement",
      hopLimit: advisedHopLimit,
      lifetime,
      sourceMac,
      intervalMs,
    });
    try {
      this.#join(ifindex);
      this.#icmp6.send({ ifindex, to, packet });
    } catch (error) {
      // It is down, or has no address yet: the next one may get through.
      if (!(error instanceof SystemError)) throw error;
    }
  }

  /** Solicitations go to all routers (RFC 4861 §4.1). An interface that comes back may have lost its membership. */
  #join(ifindex: number): void {
    try {
      this.#icmp6.join(ifindex);
    } catch (error) {
      if (!(error instanceof SystemError) || error.errnoName !== "EADDRINUSE") throw error;
    }
  }
}
