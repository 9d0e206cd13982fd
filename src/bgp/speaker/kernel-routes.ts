import type { RtnetlinkEvent, RtnetlinkMonitor } from "../../linux/rtnetlink/monitor.ts";
import { RTPROT_BOOT, RTPROT_FE80, RTPROT_STATIC } from "../../linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { SystemError } from "../../linux/system-error.ts";
import { type Address, addressOctets, isLinkLocal } from "../../net/address.ts";
import { formatPrefix, type Prefix, prefixParts } from "../../net/prefix.ts";
import type { Clock } from "../../std/clock.ts";
import type { RouteSource } from "../config/config.ts";
import type { RouteWatcher } from "./host.ts";

/** News come in swarms: what there is after them is read once, so many milliseconds after the first. */
const GATHER_MS = 50;

/** In a crowd no router of the process has changed any for so many milliseconds before it is heard what others do to them. */
const QUIET_MS = 1000;

export interface KernelContext {
  readonly netns: string | null;
  readonly monitor: RtnetlinkMonitor;
  readonly clock: Clock;
  /** Whether the process has so many routers that each change of a route takes longer if it hears of others'. */
  readonly isCrowded: boolean;
  /** When a router of the process changed a route the last time, in milliseconds of that clock; now, as long as none has. */
  readonly changedMs: () => number;
}

/** Follows what others do to the routes of a namespace. */
export class KernelRoutes implements Disposable {
  readonly #context: KernelContext;
  readonly #watcher: RouteWatcher;
  /** What it hears by, or until when it does not. */
  #watch: Disposable | undefined;
  #told: ReadonlySet<Prefix> | undefined;
  #reading: Disposable | undefined;

  /** Tells of all there are before it returns. What others did before it hears of changes, it does not know. */
  constructor(context: KernelContext, watcher: RouteWatcher) {
    this.#context = context;
    this.#watcher = watcher;
    if (watcher.redistribute || !context.isCrowded) this.#hear();
    else this.#hearLater(QUIET_MS);
    this.#read();
  }

  [Symbol.dispose](): void {
    this.#reading?.[Symbol.dispose]();
    this.#watch?.[Symbol.dispose]();
  }

  #hear(): void {
    const { monitor, netns } = this.#context;
    this.#watch = monitor.watch(netns, (event) => this.#follow(event), { routes: true });
  }

  #hearLater(ms: number): void {
    const { clock, changedMs } = this.#context;
    this.#watch = clock.after(ms, () => {
      const quietMs = clock.now() - changedMs();
      if (quietMs < QUIET_MS) return this.#hearLater(QUIET_MS - quietMs);
      this.#hearIfThere();
      this.#watcher.disturbed(undefined);
    });
  }

  /** A namespace that has lost its name is on its way out. */
  #hearIfThere(): void {
    try {
      this.#hear();
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
    }
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
