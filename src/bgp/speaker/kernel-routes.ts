import type { RtnetlinkEvent, RtnetlinkMonitor } from "../../linux/rtnetlink/monitor.ts";
import { RTPROT_BOOT, RTPROT_FE80, RTPROT_STATIC } from "../../linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { type Address, addressOctets, isLinkLocal } from "../../net/address.ts";
import { formatPrefix, type Prefix, prefixParts } from "../../net/prefix.ts";
import type { Clock } from "../../std/clock.ts";
import type { RouteSource } from "../config/config.ts";
import type { RouteWatcher } from "./host.ts";

/** News come in swarms: what there is after them is read once, so many milliseconds after the first. */
const GATHER_MS = 50;

export interface KernelContext {
  readonly netns: string | null;
  readonly monitor: RtnetlinkMonitor;
  readonly clock: Clock;
}

/** Follows what others do to the routes of a namespace. */
export class KernelRoutes implements Disposable {
  readonly #context: KernelContext;
  readonly #watcher: RouteWatcher;
  readonly #watch: Disposable;
  #told: ReadonlySet<Prefix> | undefined;
  #reading: Disposable | undefined;

  /** Tells of all there are before it returns. */
  constructor(context: KernelContext, watcher: RouteWatcher) {
    this.#context = context;
    this.#watcher = watcher;
    this.#watch = context.monitor.watch(context.netns, (event) => this.#follow(event));
    this.#read();
  }

  [Symbol.dispose](): void {
    this.#reading?.[Symbol.dispose]();
    this.#watch[Symbol.dispose]();
  }

  /** A route goes with its interface, which nobody says of the route. */
  #follow(event: RtnetlinkEvent): void {
    const ours = event.type === "route" && event.route.protocol === RTPROT_FE80;
    if (ours) return this.#watcher.disturbed(event.route.prefix);
    if (event.type === "overrun") this.#watcher.disturbed(undefined);
    if (this.#watcher.redistribute) this.#readSoon();
  }

  #readSoon(): void {
    this.#reading ??= this.#context.clock.after(GATHER_MS, () => this.#read());
  }

  #read(): void {
    this.#reading = undefined;
    const { redistribute } = this.#watcher;
    if (!redistribute) return;
    using kernel = Rtnetlink.open(this.#context.netns);
    const found = new Set(redistribute.sources.flatMap((source) => readers[source](kernel)));
    const told = this.#told;
    if (found.size === told?.size && [...found].every((prefix) => told.has(prefix))) return;
    this.#told = found;
    redistribute.routes(found);
  }
}

const staticProtocols = [RTPROT_BOOT, RTPROT_STATIC];

const readers: Readonly<Record<RouteSource, (kernel: Rtnetlink) => Prefix[]>> = {
  connected: (kernel) => {
    const running = new Set(kernel.links().flatMap((link) => (link.running ? [link.ifindex] : [])));
    return kernel
      .addresses()
      .filter(({ ifindex, address, tentative }) => running.has(ifindex) && !tentative && travels(address))
      .map(({ address, length }) => formatPrefix(addressOctets(address), length));
  },
  static: (kernel) =>
    staticProtocols
      .flatMap((protocol) => [...kernel.routes(protocol)])
      .map(({ prefix }) => prefix)
      .filter((prefix) => travels(prefixParts(prefix).address)),
};

/** Whether an address means the same elsewhere. */
function travels(address: Address): boolean {
  return !isLinkLocal(address) && address !== "::1" && !/^(127|169\.254)\./.test(address);
}
