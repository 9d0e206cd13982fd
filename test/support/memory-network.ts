import type {
  DiscoveryPacket,
  ForwardingChange,
  LinkAddress,
  LinkState,
  RouterHost,
  Transport,
  TransportListener,
} from "../../src/bgp/speaker/host.ts";
import type { Address } from "../../src/net/address.ts";
import type { Prefix } from "../../src/net/prefix.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** How long anything takes from one end of a link to the other. */
const LATENCY_MS = 1;

interface Port {
  readonly host: MemoryHost;
  readonly link: LinkState;
}

/** Routers and links in memory, on a virtual clock. A link that is cut loses everything without a word. */
export class MemoryNetwork {
  readonly #clock: VirtualClock;
  readonly #peers = new Map<MemoryHost, Map<number, Port>>();
  readonly #cut = new Set<MemoryHost>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  host(): MemoryHost {
    const host = new MemoryHost(this);
    this.#peers.set(host, new Map());
    return host;
  }

  /** Joins two hosts by a link; both ends come up at once. */
  link(a: { host: MemoryHost; ifname: string; address: string }, b: typeof a): void {
    const port = ({ host, ifname, address }: typeof a): Port => {
      const ifindex = (this.#peers.get(host)?.size ?? 0) + 1;
      const mac = `02:fe:80:00:00:0${ifindex}`;
      return { host, link: { ifname, ifindex, running: true, linkLocal: address as Address, mac } };
    };
    const ports = [port(a), port(b)] as const;
    this.#peers.get(a.host)?.set(ports[0].link.ifindex, ports[1]);
    this.#peers.get(b.host)?.set(ports[1].link.ifindex, ports[0]);
    for (const { host, link } of ports) host.changeLink(link);
  }

  /** From now on nothing reaches this host and nothing leaves it, and nobody is told. */
  cut(host: MemoryHost): void {
    this.#cut.add(host);
  }

  heal(host: MemoryHost): void {
    this.#cut.delete(host);
  }

  /** The other end of a host's interface. */
  peer(host: MemoryHost, ifindex: number): Port | undefined {
    return this.#peers.get(host)?.get(ifindex);
  }

  /** Does something at the far end of a link, later. */
  carry(from: MemoryHost, to: MemoryHost, arrival: () => void): void {
    this.#clock.after(LATENCY_MS, () => {
      if (!this.#cut.has(from) && !this.#cut.has(to)) arrival();
    });
  }
}

export class MemoryHost implements RouterHost {
  readonly #network: MemoryNetwork;
  readonly #links = new Map<string, LinkState>();
  readonly #onLink: ((link: LinkState) => void)[] = [];
  #onConnection: ((transport: Transport, ifindex: number) => void) | undefined;
  #onPacket: ((packet: DiscoveryPacket) => void) | undefined;
  readonly #joined = new Set<number>();
  /** The forwarding table: `PREFIX via ADDRESS%IFINDEX`. */
  readonly routes = new Map<Prefix, string>();
  /** Prefixes that this kernel does not take. */
  readonly refused = new Set<string>();

  constructor(network: MemoryNetwork) {
    this.#network = network;
  }

  changeLink(link: LinkState): void {
    this.#links.set(link.ifname, link);
    for (const onLink of this.#onLink) onLink(link);
  }

  /** Takes an interface down, or up again, on both ends as a veth pair does. */
  setRunning(ifname: string, running: boolean): void {
    const link = this.#links.get(ifname);
    const peer = link && this.#network.peer(this, link.ifindex);
    if (!link || !peer) throw new Error(`there is no ${ifname}`);
    this.changeLink({ ...link, running });
    peer.host.changeLink({ ...peer.link, running });
  }

  watchLinks(onLink: (link: LinkState) => void): void {
    this.#onLink.push(onLink);
    for (const link of this.#links.values()) onLink(link);
  }

  addLinkLocal({ ifindex, address }: LinkAddress): void {
    const link = [...this.#links.values()].find((candidate) => candidate.ifindex === ifindex);
    if (link) this.changeLink({ ...link, linkLocal: address });
  }

  listen(_port: number, onConnection: (transport: Transport, ifindex: number) => void): void {
    this.#onConnection = onConnection;
  }

  dial(to: LinkAddress, port: number): MemoryTransport {
    const local = { ifindex: to.ifindex, address: this.#address(to.ifindex), port: 49152 };
    const near = new MemoryTransport(this.#network, this, { local, peer: { ...to, port } });
    const peer = this.#network.peer(this, to.ifindex);
    if (!peer) throw new Error(`nothing is linked to interface ${to.ifindex}`);
    this.#network.carry(this, peer.host, () => peer.host.#accept(near, peer));
    return near;
  }

  receiveDiscovery(onPacket: (packet: DiscoveryPacket) => void): void {
    this.#onPacket = onPacket;
  }

  joinDiscovery(ifindex: number): void {
    this.#joined.add(ifindex);
  }

  sendDiscovery({ ifindex }: LinkAddress, packet: Uint8Array): void {
    const peer = this.#network.peer(this, ifindex);
    const address = this.#address(ifindex);
    if (!peer) return;
    this.#network.carry(this, peer.host, () => {
      if (!peer.host.#joined.has(peer.link.ifindex)) return;
      peer.host.#onPacket?.({ from: { ifindex: peer.link.ifindex, address }, hopLimit: 255, packet });
    });
  }

  forward(changes: readonly ForwardingChange[]): (string | undefined)[] {
    return changes.map(({ prefix, via }) => {
      if (this.refused.has(prefix)) return "EINVAL";
      if (via) this.routes.set(prefix, `${via.address}%${via.ifindex}`);
      else this.routes.delete(prefix);
      return undefined;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#onConnection = undefined;
  }

  #address(ifindex: number): Address {
    const link = [...this.#links.values()].find((candidate) => candidate.ifindex === ifindex);
    if (!link?.linkLocal) throw new Error(`interface ${ifindex} has no address`);
    return link.linkLocal;
  }

  /** Its half of a handshake: refused unless somebody listens. */
  #accept(near: MemoryTransport, at: Port): void {
    const { ifindex } = at.link;
    if (!this.#onConnection) return near.fail("connect: ECONNREFUSED");
    const peer = { ...near.local, ifindex };
    const local = { ifindex, address: this.#address(ifindex), port: near.peer.port };
    const far = new MemoryTransport(this.#network, this, { local, peer });
    far.join(near);
    // The dialer hears of the handshake before it hears any octet.
    this.#network.carry(this, near.host, () => near.join(far));
    this.#onConnection(far, ifindex);
  }
}

export class MemoryTransport implements Transport {
  readonly host: MemoryHost;
  readonly local: Transport["peer"];
  readonly peer: Transport["peer"];
  readonly #network: MemoryNetwork;
  #far: MemoryTransport | undefined;
  #listener: TransportListener | undefined;
  #closed = false;

  constructor(network: MemoryNetwork, host: MemoryHost, names: Pick<MemoryTransport, "local" | "peer">) {
    this.#network = network;
    this.host = host;
    this.local = names.local;
    this.peer = names.peer;
  }

  join(far: MemoryTransport): void {
    this.#far = far;
    if (this.#closed) this.close();
    this.#listener?.connected();
  }

  fail(error: string): void {
    this.#listener?.closed(error);
    this.#listener = undefined;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  send(octets: Uint8Array): void {
    const copy = octets.slice();
    this.#toFar((far) => far.#listener?.received(copy));
  }

  close(): void {
    this.#closed = true;
    this.#listener = undefined;
    this.#toFar((far) => far.fail("the peer closed the connection"));
  }

  #toFar(arrival: (far: MemoryTransport) => void): void {
    const far = this.#far;
    if (far) this.#network.carry(this.host, far.host, () => arrival(far));
  }
}
