import { closeSync } from "node:fs";
import { Icmp6Socket } from "../../linux/icmp6.ts";
import type { Poller } from "../../linux/poller.ts";
import { addAddress } from "../../linux/rtnetlink/address.ts";
import { BulkRoutes } from "../../linux/rtnetlink/bulk-routes.ts";
import type { RtnetlinkMonitor } from "../../linux/rtnetlink/monitor.ts";
import { type RouteTarget, RTPROT_FE80 } from "../../linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../linux/rtnetlink/rtnetlink.ts";
import { SystemError } from "../../linux/system-error.ts";
import { type AcceptedTcp, dialTcp, listenTcp, listenTcpOn, resetOnClose } from "../../linux/tcp.ts";
import { readTcpDrops, type TcpDrops } from "../../linux/tcp-drops.ts";
import type { TcpGuard } from "../../linux/tcp-guard.ts";
import type { Clock } from "../../std/clock.ts";
import { Admission } from "./admission.ts";
import type {
  DiscoveryPacket,
  ForwardedRoute,
  ForwardingChange,
  ForwardingError,
  ForwardingTarget,
  LinkAddress,
  LinkState,
  RouterHost,
  RouteWatcher,
  Transport,
} from "./host.ts";
import { KernelLinks } from "./kernel-links.ts";
import { KernelRoutes } from "./kernel-routes.ts";
import { TcpListener } from "./tcp-listener.ts";
import { TcpTransport } from "./tcp-transport.ts";
import type { Turns } from "./turns.ts";

/** Connections that the kernel keeps for us until we accept them: of a flood that is larger it leaves some half open for good (tcp_syncookies). */
const BACKLOG = 1024;
const GUARDED_BACKLOG = 16;

/** Inbound connections of one interface that may be open at once, for each peer on it; any more are reset at once. */
const MOST_CONNECTIONS = 16;

/** How old counters of dropped segments may be. */
const DROPS_MS = 1000;

/** More routers than so many of one process: the kernel would look at each of them at every change of a route that it tells of. */
const CROWD = 64;

/** When a router of this process changed a route of the kernel's the last time, if one ever has. */
let changedMs: number | undefined;

const noDrops: TcpDrops = { md5: 0, hopLimit: 0 };

type OnConnection = (transport: Transport, ifindex: number) => void;

interface Listening {
  readonly listener: TcpListener;
  readonly port: number;
  readonly onConnection: OnConnection;
}

/**
 * A router's network namespace. Every socket is made inside it, so one process can be many routers.
 *
 * Long because it is all doors of one house: what is behind each is in `linux`, and in the files that it opens.
 */
export class KernelHost implements RouterHost {
  readonly #netns: string | null;
  readonly #poller: Poller;
  readonly #monitor: RtnetlinkMonitor;
  readonly #time: { readonly clock: Clock; readonly turns: Turns };
  readonly #stack = new DisposableStack();
  readonly #icmp6: Icmp6Socket;
  readonly #rtnetlink: Rtnetlink;
  readonly #routes: BulkRoutes;
  readonly #routers: () => number;
  readonly #admission: Admission;
  readonly #guards = new Map<number, TcpGuard>();
  readonly #listeners = new Set<TcpListener>();
  #listening: Listening | undefined;
  #watcher: RouteWatcher | undefined;
  #drops = { atMs: Number.NEGATIVE_INFINITY, counts: noDrops };
  #kernelRoutes: KernelRoutes | undefined;

  /** @param options `peersOfLink` as of now on the link with the most, and `routers` of the process, 1 each unless given */
  constructor(options: {
    netns: string | null;
    poller: Poller;
    monitor: RtnetlinkMonitor;
    clock: Clock;
    turns: Turns;
    peersOfLink?: () => number;
    routers?: () => number;
  }) {
    const { peersOfLink = () => 1, routers = () => 1 } = options;
    this.#routers = routers;
    this.#admission = new Admission(() => MOST_CONNECTIONS * peersOfLink());
    this.#netns = options.netns;
    this.#poller = options.poller;
    this.#monitor = options.monitor;
    this.#time = options;
    this.#icmp6 = this.#stack.use(Icmp6Socket.open(options.netns));
    this.#rtnetlink = this.#stack.use(Rtnetlink.open(options.netns));
    this.#routes = this.#stack.use(BulkRoutes.open(options.netns));
  }

  watchLinks(onLink: (link: LinkState) => void): void {
    const links = new KernelLinks(this.#netns, this.#monitor, (link) => {
      if (link.gone) this.#leaveDiscovery(link.ifindex);
      onLink(link);
    });
    this.#stack.use(links);
  }

  /** The interface may be gone again by now, which the next link event tells. */
  addLinkLocal({ ifindex, address }: LinkAddress): void {
    this.#rtnetlink.send([addAddress({ ifindex, address, length: 64 })]);
  }

  /** @throws {SystemError} EADDRINUSE if the port is taken in the namespace */
  listen(port: number, onConnection: OnConnection): void {
    const fd = listenTcp({ netns: this.#netns, port, backlog: BACKLOG });
    // What came in here before the interface's guard was in force has not passed it.
    const listener = this.#accept(fd, (ifindex) => !this.#guards.has(ifindex));
    this.#listening = { listener, port, onConnection };
  }

  /** @throws {SystemError} if the interface cannot have a listener of its own */
  guard(ifindex: number, guard: TcpGuard): Disposable {
    if (!this.#listening) throw new Error("a guard needs a listener beside it");
    const { listener, port } = this.#listening;
    const options = { netns: this.#netns, port, backlog: GUARDED_BACKLOG };
    this.#guards.set(ifindex, guard);
    const on = { ifindex, guard, beside: listener.fd };
    const guarded = this.#accept(listenTcpOn(on, options), () => true);
    return {
      [Symbol.dispose]: () => {
        if (this.#guards.get(ifindex) === guard) this.#guards.delete(ifindex);
        this.#listeners.delete(guarded);
        guarded[Symbol.dispose]();
      },
    };
  }

  /** Read once a second at most: many sessions that wait ask for it whenever anything happens to them. */
  tcpDrops(): TcpDrops {
    const now = this.#time.clock.now();
    if (now - this.#drops.atMs >= DROPS_MS) this.#drops = { atMs: now, counts: readDrops(this.#netns) };
    return this.#drops.counts;
  }

  dial({ ifindex, address }: LinkAddress, port: number): Transport {
    const peer = { address, ifindex, port };
    const guard = this.#guards.get(ifindex);
    const target = { netns: this.#netns, ...peer, ...(guard && { guard }) };
    return TcpTransport.dial(peer, this.#time, (signal) => dialTcp(target, { poller: this.#poller, signal }));
  }

  receiveDiscovery(onPacket: (packet: DiscoveryPacket) => void): void {
    const receive = () => {
      for (const { ifindex, from, hopLimit, packet } of this.#icmp6.receive()) {
        onPacket({ from: { ifindex, address: from }, hopLimit, packet });
      }
    };
    this.#stack.use(this.#poller.watch(this.#icmp6.fd, receive));
  }

  joinDiscovery(ifindex: number): void {
    try {
      this.#icmp6.join(ifindex);
    } catch (error) {
      // The interface went down and came back: it is still a member.
      if (!(error instanceof SystemError) || error.errnoName !== "EADDRINUSE") throw error;
    }
  }

  /** The socket would take a later interface of the same index for one that it has joined. */
  #leaveDiscovery(ifindex: number): void {
    try {
      this.#icmp6.leave(ifindex);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error; // it was not joined
    }
  }

  sendDiscovery({ ifindex, address }: LinkAddress, packet: Uint8Array): void {
    this.#icmp6.send({ ifindex, to: address, packet });
  }

  forward(changes: readonly ForwardingChange[]): readonly ForwardingError[] {
    changedMs = this.#time.clock.now();
    const { refusals, isUncertain } = this.#routes.apply(
      changes.map(({ nlri, via }) => ({
        family: nlri.family,
        prefixes: nlri.octets,
        target: kernelTarget(via),
      })),
    );
    if (isUncertain) this.#watcher?.disturbed(undefined);
    // A route that should go and is gone already, as after its interface went down, is no failure.
    return refusals.flatMap(({ prefix, deleting, error }) =>
      deleting && error === "ESRCH" ? [] : [{ prefix, error }],
    );
  }

  *forwarded(): Generator<ForwardedRoute, void, void> {
    using rtnetlink = Rtnetlink.open(this.#netns);
    for (const { prefix, target } of rtnetlink.routes(RTPROT_FE80)) yield { prefix, via: ourTarget(target) };
  }

  watchRoutes(watcher: RouteWatcher): void {
    this.#watcher = watcher;
    const context = {
      netns: this.#netns,
      monitor: this.#monitor,
      clock: this.#time.clock,
      isCrowded: this.#routers() > CROWD,
      changedMs: () => changedMs ?? this.#time.clock.now(),
    };
    this.#kernelRoutes?.[Symbol.dispose]();
    this.#kernelRoutes = new KernelRoutes(context, watcher);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const listener of this.#listeners) listener[Symbol.dispose]();
    this.#kernelRoutes?.[Symbol.dispose]();
    this.#stack[Symbol.dispose]();
  }

  #accept(fd: number, takes: (ifindex: number) => boolean): TcpListener {
    const { clock } = this.#time;
    const onConnection = (connection: AcceptedTcp) => {
      const { scopeId: ifindex } = connection.peer;
      const leave = takes(ifindex) ? this.#admission.admit(ifindex) : undefined;
      if (!leave) return reset(connection);
      const transport = TcpTransport.accepted(connection, this.#time, leave);
      this.#listening?.onConnection(transport, ifindex);
    };
    const listener = new TcpListener(fd, { poller: this.#poller, clock, onConnection });
    this.#listeners.add(listener);
    return listener;
  }
}

function reset({ fd }: AcceptedTcp): void {
  resetOnClose(fd);
  closeSync(fd);
}

/** Nothing, if the namespace has lost its name: it does not matter any more. */
function readDrops(netns: string | null): TcpDrops {
  try {
    return readTcpDrops(netns);
  } catch (error) {
    if (error instanceof SystemError) return noDrops;
    throw error;
  }
}

function kernelTarget(via: ForwardingTarget): RouteTarget {
  return via === "blackhole" ? via : via.map(({ ifindex, address }) => ({ ifindex, gateway: address }));
}

function ourTarget(target: RouteTarget): ForwardingTarget {
  if (target === "blackhole") return target;
  return target.flatMap(({ ifindex, gateway }) => (gateway ? [{ ifindex, address: gateway }] : []));
}
