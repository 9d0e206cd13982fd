import {
  formatSocketName,
  type SocketName,
  type Transport,
  type TransportListener,
} from "../bgp/speaker/host.ts";
import { Lane } from "./lane.ts";
import type { MemoryHost, TcpGuard } from "./memory-host.ts";
import type { MemoryNetwork } from "./memory-network.ts";
import type { Port, Wire } from "./wire.ts";

/** Where Linux begins to choose a dialer's port from, and how many there are. */
const FIRST_PORT = 32_768;
const PORTS = 28_232;

interface Dial {
  readonly from: Port;
  /** Who has the address; undefined for nobody. */
  readonly to: Port | undefined;
  readonly local: SocketName;
  readonly peer: SocketName;
  readonly guard: TcpGuard | undefined;
}

/** A TCP connection, from the dial on. Its two ends know it, and the network tells it from every other. */
export class MemoryConnection {
  readonly number: number;
  readonly wire: Wire;
  readonly dialer: MemoryTransport;
  /** Undefined until the handshake is through. */
  acceptor: MemoryTransport | undefined;
  readonly #network: MemoryNetwork;
  readonly #toDialer: Lane;
  readonly #toAcceptor: Lane;
  readonly #listeningPort: Port | undefined;
  readonly #guard: TcpGuard | undefined;

  constructor(network: MemoryNetwork, wire: Wire, dial: Dial) {
    this.number = network.nextDial();
    this.wire = wire;
    this.#network = network;
    const { from, to = from } = dial;
    this.#toDialer = new Lane(network, { wire, ends: [to, from] });
    this.#toAcceptor = new Lane(network, { wire, ends: [from, to] });
    this.#listeningPort = dial.to;
    this.#guard = dial.guard;
    const local = { ...dial.local, port: FIRST_PORT + (this.number % PORTS) };
    this.dialer = new MemoryTransport(this, { host: dial.from.host, local, peer: dial.peer });
    wire.connections.add(this);
    this.#note(`dialed by ${dial.from.host.name}`);
    this.#toAcceptor.send(() => this.#knock());
  }

  /** Whether both ends are open, as far as each knows. */
  get open(): boolean {
    return this.dialer.open && this.acceptor?.open === true;
  }

  /** Whether both ends are at these two. */
  isBetween(one: MemoryHost, other: MemoryHost): boolean {
    const far = this.#listeningPort?.host;
    const near = this.dialer.host;
    return (near === one && far === other) || (near === other && far === one);
  }

  /** The host that was dialed; undefined if nobody has the address. */
  get dialed(): MemoryHost | undefined {
    return this.#listeningPort?.host;
  }

  /** Whether the end at this host is open, as far as that end knows. */
  isOpenAt(host: MemoryHost): boolean {
    const end = this.dialer.host === host ? this.dialer : this.acceptor;
    return end?.open === true;
  }

  /** The end at this host closes, whoever it was. */
  closeAt(host: MemoryHost): void {
    for (const end of [this.dialer, this.acceptor]) if (end?.host === host) end.close();
  }

  /** Carries something from one end to the other. */
  carry(from: MemoryTransport, arrival: (to: MemoryTransport) => void): void {
    if (from !== this.dialer) return this.#toDialer.send(() => arrival(this.dialer));
    // Before the handshake is through, there is nobody there for it.
    this.#toAcceptor.send(() => this.acceptor && arrival(this.acceptor));
  }

  sent(from: MemoryTransport, octets: Uint8Array): void {
    this.#network.observer.sent?.(from, octets);
  }

  /** An end is open no more. */
  closed(by: MemoryTransport, how: string): void {
    this.#note(`${by === this.dialer ? "dialing" : "accepting"} end closed: ${how}`);
    if (!this.dialer.open && !this.acceptor?.open) this.wire.connections.delete(this);
  }

  /** Something between the ends breaks it: what is under way is lost, and each end hears of it when it does. */
  reset(): void {
    this.#note("reset by a fault");
    for (const lane of [this.#toDialer, this.#toAcceptor]) lane.clear();
    this.#toDialer.send(() => this.dialer.fail(this.acceptor ? "read: ECONNRESET" : "connect: ECONNREFUSED"));
    this.#toAcceptor.send(() => this.acceptor?.fail("read: ECONNRESET"));
  }

  /** From now on nothing gets through, and nobody is told. */
  mute(): void {
    this.#note("muted by a fault");
    for (const lane of [this.#toDialer, this.#toAcceptor]) lane.mute();
  }

  /** The handshake's first packet arrives. */
  #knock(): void {
    const to = this.#listeningPort;
    if (!this.dialer.open) return;
    if (!to) return this.dialer.fail("connect: EHOSTUNREACH");
    const { host, ifindex } = to;
    if (!host.trusts(ifindex, this.#guard)) return this.#note("dropped: another TCP-MD5 key");
    if (!host.listening || this.#network.conditions.refusesDial()) {
      this.#note("refused");
      return this.#toDialer.send(() => this.dialer.fail("connect: ECONNREFUSED"));
    }
    // Each end's program learns of the connection when its kernel gets around to it, in any order.
    this.#toDialer.send(() => this.dialer.connected());
    this.#toAcceptor.send(() => this.#accept(to));
  }

  #accept({ host, ifindex }: Port): void {
    const { local, peer } = this.dialer;
    const acceptor = new MemoryTransport(this, {
      host,
      local: { ...peer, ifindex },
      peer: { ...local, ifindex },
    });
    this.acceptor = acceptor;
    this.#note(`accepted by ${host.name}`);
    host.accept(acceptor, ifindex);
  }

  #note(what: string): void {
    const { local, peer } = this.dialer;
    this.#network.observer.note?.(
      () => `connection ${this.number} ${formatSocketName(local)} -> ${formatSocketName(peer)} ${what}`,
    );
  }
}

/** One end of a {@link MemoryConnection}. */
export class MemoryTransport implements Transport {
  readonly connection: MemoryConnection;
  readonly host: MemoryHost;
  readonly local: SocketName;
  readonly peer: SocketName;
  #listener: TransportListener | undefined;
  #open = true;
  #unsent = 0;

  constructor(connection: MemoryConnection, end: { host: MemoryHost; local: SocketName; peer: SocketName }) {
    this.connection = connection;
    this.host = end.host;
    this.local = end.local;
    this.peer = end.peer;
  }

  /** Until its program closes it, or hears that it has ended. */
  get open(): boolean {
    return this.#open;
  }

  /** What the other end has not taken yet: nothing is buffered on the way. */
  readonly isUnread = false;

  get unsent(): number {
    return this.#unsent;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
  }

  send(octets: Uint8Array): void {
    if (!this.#open) return;
    const copy = octets.slice();
    this.connection.sent(this, copy);
    this.#unsent += copy.length;
    this.connection.carry(this, (far) => {
      far.#listener?.received(copy);
      this.#unsent -= copy.length;
      this.#listener?.sent?.();
    });
  }

  close(): void {
    if (!this.#open) return;
    this.#end("by its own router");
    this.connection.carry(this, (far) => far.fail("the peer closed the connection"));
  }

  connected(): void {
    this.#listener?.connected();
  }

  fail(error: string): void {
    if (!this.#open) return;
    const listener = this.#listener;
    this.#end(error);
    listener?.closed(error);
  }

  #end(how: string): void {
    this.#open = false;
    this.#listener = undefined;
    this.connection.closed(this, how);
  }
}
