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
} from "../bgp/speaker/host.ts";
import { prefixesOf } from "../bgp/wire/nlri.ts";
import type { Address } from "../net/address.ts";
import type { Prefix } from "../net/prefix.ts";
import { MemoryConnection, type MemoryTransport } from "./memory-connection.ts";
import type { MemoryNetwork } from "./memory-network.ts";
import type { Port, Wire } from "./wire.ts";

/** What a router demands of the connections over an interface. */
export type TcpGuard = Parameters<RouterHost["guard"]>[1];

/** An interface of a host, and the link that it is an end of. */
interface Plugged {
  readonly port: Port;
  readonly wire: Wire;
  state: LinkState;
}

/** A router's machine in memory. */
export class MemoryHost implements RouterHost {
  readonly name: string;
  readonly #network: MemoryNetwork;
  readonly #plugged = new Map<number, Plugged>();
  readonly #onLink: ((link: LinkState) => void)[] = [];
  readonly #joined = new Set<number>();
  readonly #guards = new Map<number, TcpGuard>();
  #md5Drops = 0;
  #onConnection: ((transport: Transport, ifindex: number) => void) | undefined;
  #onPacket: ((packet: DiscoveryPacket) => void) | undefined;
  #newsAt = 0;
  #pendingNews = 0;
  #watcher: RouteWatcher | undefined;
  #others: readonly Prefix[] = [];
  /** The forwarding table. */
  readonly routes = new Map<Prefix, ForwardingTarget>();
  /** Prefixes that this kernel does not take. */
  readonly refused = new Set<string>();

  constructor(network: MemoryNetwork, name: string) {
    this.#network = network;
    this.name = name;
  }

  get links(): LinkState[] {
    return [...this.#plugged.values()].map(({ state }) => state);
  }

  /** Whether something has befallen an interface of which the router has not heard yet. */
  get hasNews(): boolean {
    return this.#pendingNews > 0;
  }

  /** Whether a connection that arrives finds somebody. */
  get listening(): boolean {
    return this.#onConnection !== undefined;
  }

  attach(
    wire: Wire,
    { ifindex, linkLocal, mac }: { ifindex: number; linkLocal: Address; mac: string },
  ): void {
    const port = wire.ends.find((end) => end.host === this && end.ifindex === ifindex);
    if (!port) throw new RangeError(`no end of ${wire.name} is interface ${ifindex} of ${this.name}`);
    const state = { ifname: port.ifname, ifindex, running: true, linkLocal, mac };
    this.#plugged.set(ifindex, { port, wire, state });
    this.#tell(state);
  }

  /** The kernel's view of an interface changes; the router hears of it. */
  changeLink(ifindex: number, change: Partial<Pick<LinkState, "running" | "linkLocal">>): void {
    const plugged = this.#plugged.get(ifindex);
    if (!plugged) return;
    plugged.state = { ...plugged.state, ...change };
    if ("linkLocal" in change && change.linkLocal === undefined) this.#flushRoutes(ifindex);
    this.#tell(plugged.state);
  }

  /** Takes an interface down, or up again, on both ends as a veth pair does. */
  setRunning(ifname: string, running: boolean): void {
    const plugged = [...this.#plugged.values()].find(({ port }) => port.ifname === ifname);
    if (!plugged) throw new RangeError(`${this.name} has no ${ifname}`);
    plugged.wire.setRunning(running);
  }

  watchLinks(onLink: (link: LinkState) => void): void {
    this.#onLink.push(onLink);
    for (const link of this.links) onLink(link);
  }

  addLinkLocal({ ifindex, address }: LinkAddress): void {
    if (this.#plugged.get(ifindex)?.state.running) this.changeLink(ifindex, { linkLocal: address });
  }

  listen(_port: number, onConnection: (transport: Transport, ifindex: number) => void): void {
    this.#onConnection = onConnection;
  }

  /** A connection has arrived on an interface. */
  accept(transport: MemoryTransport, ifindex: number): void {
    if (this.#onConnection) this.#onConnection(transport, ifindex);
    else transport.connection.reset();
  }

  dial(to: LinkAddress, port: number): Transport {
    const plugged = this.#plugged.get(to.ifindex);
    if (!plugged) throw new RangeError(`${this.name} has no interface ${to.ifindex}`);
    const local = { ifindex: to.ifindex, address: plugged.state.linkLocal ?? ("::" as Address), port: 0 };
    const connection = new MemoryConnection(this.#network, plugged.wire, {
      from: plugged.port,
      to: this.#endWith(to.address, plugged.wire),
      local,
      peer: { ...to, port },
      guard: this.#guards.get(to.ifindex),
    });
    return connection.dialer;
  }

  guard(ifindex: number, guard: TcpGuard): Disposable {
    this.#guards.set(ifindex, guard);
    return {
      [Symbol.dispose]: () => {
        if (this.#guards.get(ifindex) === guard) this.#guards.delete(ifindex);
      },
    };
  }

  tcpDrops(): ReturnType<RouterHost["tcpDrops"]> {
    return { md5: this.#md5Drops, hopLimit: 0 };
  }

  /** Whether a dial under this guard has the key that an interface's own guard wants; counts it if not. */
  trusts(ifindex: number, guard: TcpGuard | undefined): boolean {
    const trusted = (this.#guards.get(ifindex)?.md5Key ?? null) === (guard?.md5Key ?? null);
    if (!trusted) this.#md5Drops++;
    return trusted;
  }

  receiveDiscovery(onPacket: (packet: DiscoveryPacket) => void): void {
    this.#onPacket = onPacket;
  }

  joinDiscovery(ifindex: number): void {
    this.#joined.add(ifindex);
  }

  sendDiscovery({ ifindex }: LinkAddress, packet: Uint8Array): void {
    const plugged = this.#plugged.get(ifindex);
    const address = plugged?.state.linkLocal;
    const { clock, conditions } = this.#network;
    if (!plugged || address === undefined || conditions.losesDiscovery()) return;
    const { wire, port } = plugged;
    for (const far of wire.farEnds(this)) {
      clock.after(conditions.delayMs("discovery"), () => {
        if (wire.passes(port, far)) far.host.#hear(far.ifindex, address, packet);
      });
    }
  }

  forward(changes: readonly ForwardingChange[]): readonly ForwardingError[] {
    return changes.flatMap(({ nlri, via }) =>
      prefixesOf(nlri).flatMap(({ prefix }) => {
        const error = this.#forward(prefix, via);
        return error === undefined ? [] : [{ prefix, error }];
      }),
    );
  }

  *forwarded(): Generator<ForwardedRoute, void, void> {
    for (const [prefix, via] of [...this.routes]) yield { prefix, via };
  }

  watchRoutes(watcher: RouteWatcher): void {
    this.#watcher = watcher;
    watcher.redistribute?.routes(new Set(this.#others));
  }

  /** Somebody else changes a route of the router's, or takes it away. */
  disturb(prefix: Prefix, via: ForwardingTarget): void {
    this.#forward(prefix, via);
    this.#watcher?.disturbed(prefix);
  }

  /** So much was done to routes that the router cannot be told what. */
  loseNews(): void {
    this.#watcher?.disturbed(undefined);
  }

  /** Routes are there that somebody else has put there. */
  setOthers(prefixes: readonly Prefix[]): void {
    this.#others = prefixes;
    this.#watcher?.redistribute?.routes(new Set(prefixes));
  }

  /** The router's program is gone, and its kernel closes what it had open. Routes stay. */
  crash(): void {
    this.#forgetProgram();
    this.#guards.clear();
    this.#joined.clear();
    for (const { wire } of this.#plugged.values()) {
      for (const connection of [...wire.connections]) connection.closeAt(this);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#forgetProgram();
  }

  #forgetProgram(): void {
    this.#onConnection = undefined;
    this.#watcher = undefined;
    this.#onPacket = undefined;
    this.#onLink.length = 0;
  }

  /** Who has an address on a link; the far end of a wire, whatever its address is. */
  #endWith(address: Address, wire: Wire): Port | undefined {
    const others = wire.farEnds(this);
    if (wire.ends.length === 2) return others[0];
    return others.find(({ host, ifindex }) => host.#plugged.get(ifindex)?.state.linkLocal === address);
  }

  #hear(ifindex: number, address: Address, packet: Uint8Array): void {
    if (this.#joined.has(ifindex)) this.#onPacket?.({ from: { ifindex, address }, hopLimit: 255, packet });
  }

  /** In order, each piece of news with its own delay. Who begins to watch later has been told the state already. */
  #tell(link: LinkState): void {
    const { clock, conditions } = this.#network;
    const listeners = [...this.#onLink];
    this.#pendingNews++;
    const deliver = () => {
      this.#pendingNews--;
      for (const onLink of listeners) if (this.#onLink.includes(onLink)) onLink(link);
    };
    const now = clock.now();
    this.#newsAt = Math.max(this.#newsAt, now + conditions.delayMs("linkNews"));
    if (this.#newsAt === now) deliver();
    else clock.after(this.#newsAt - now, deliver);
  }

  /** @returns what went wrong */
  #forward(prefix: Prefix, via: ForwardingTarget): string | undefined {
    if (this.refused.has(prefix)) return "EINVAL";
    const isUp = ({ ifindex }: LinkAddress) => this.#plugged.get(ifindex)?.state.running;
    if (via !== "blackhole" && !via.every(isUp)) return "ENETDOWN";
    if (via.length > 0) this.routes.set(prefix, via);
    else this.routes.delete(prefix);
    return undefined;
  }

  /** As the kernel does when an interface loses its addresses; of several next hops the others stay. */
  #flushRoutes(ifindex: number): void {
    for (const [prefix, via] of this.routes) {
      if (via === "blackhole") continue;
      const left = via.filter((hop) => hop.ifindex !== ifindex);
      if (left.length === 0) this.routes.delete(prefix);
      else this.routes.set(prefix, left);
    }
  }
}
