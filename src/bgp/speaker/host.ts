import type { TcpDrops } from "../../linux/tcp-drops.ts";
import type { TcpGuard } from "../../linux/tcp-guard.ts";
import type { Address } from "../../net/address.ts";
import type { Prefix } from "../../net/prefix.ts";
import type { RouteSource } from "../config/config.ts";
import type { Nlri } from "../wire/message.ts";

/** What one router needs of the machine it runs on: the kernel gives it in a lab, memory in a simulation. */
export interface RouterHost extends AsyncDisposable {
  /** Tells of each interface as it is now, and then of every change. */
  watchLinks(onLink: (link: LinkState) => void): void;
  /** Gives an interface a link-local address, usable at once. */
  addLinkLocal(to: LinkAddress): void;
  /** Accepts connections to `[::]:port` on all interfaces. */
  listen(port: number, onConnection: (transport: Transport, ifindex: number) => void): void;
  /** Starts to open a connection; its listener hears how that ends. */
  dial(to: LinkAddress, port: number): Transport;
  /** Takes and opens connections over an interface only under this guard from now on, until it is disposed of. */
  guard(ifindex: number, guard: TcpGuard): Disposable;
  /** What guards, ours and those of the machine, have dropped so far on all interfaces of the router. */
  tcpDrops(): TcpDrops;
  /** Hears Router Advertisements and Solicitations of all interfaces that were joined. */
  receiveDiscovery(onPacket: (packet: DiscoveryPacket) => void): void;
  /** Joins the all-nodes and all-routers groups on an interface (RFC 4291 §2.7.1). Safe to repeat. */
  joinDiscovery(ifindex: number): void;
  sendDiscovery(to: LinkAddress, packet: Uint8Array): void;
  /** Brings the router's forwarding table up to date, all of it even if something goes wrong. @returns what did */
  forward(changes: readonly ForwardingChange[]): readonly ForwardingError[];
  /** All routes of ours that the machine has, whoever of us put them there; read to the end before anything is changed. */
  forwarded(): Iterable<ForwardedRoute>;
  /** Tells of what others do to routes from now on; whoever watched before hears nothing more. */
  watchRoutes(watch: RouteWatcher): void;
}

/** An interface, as the kernel reports it. */
export interface LinkState {
  readonly ifname: string;
  readonly ifindex: number;
  /** Up, and with a carrier; false too once it is gone. */
  readonly running: boolean;
  /** Set up by somebody, with a carrier or without; undefined if the machine does not tell. */
  readonly up?: boolean;
  readonly linkLocal: Address | undefined;
  readonly mac: string;
  /** The last word about it: it is deleted, renamed, or elsewhere now. */
  readonly gone?: true;
}

/** A link-local address, which means something only on its interface. */
export interface LinkAddress {
  readonly ifindex: number;
  readonly address: Address;
}

export interface DiscoveryPacket {
  readonly from: LinkAddress;
  readonly hopLimit: number;
  readonly packet: Uint8Array;
}

/** Where packets to some prefixes go from now on. */
export interface ForwardingChange {
  /** Without path identifiers, host bits clear. */
  readonly nlri: Nlri;
  readonly via: ForwardingTarget;
}

/** Next hops, several to share the packets; none to have no route; or packets are dropped. */
export type ForwardingTarget = readonly LinkAddress[] | "blackhole";

/** What the machine did not do. */
export interface ForwardingError {
  readonly prefix: Prefix;
  /** E.g. `"ENETUNREACH"`. */
  readonly error: string;
}

export interface ForwardedRoute {
  readonly prefix: Prefix;
  readonly via: ForwardingTarget;
}

/** Whoever hears what others do to a router's routes. */
export interface RouteWatcher {
  /** Somebody has changed a route of ours, or taken it away; undefined if that may be so for any. */
  disturbed(prefix: Prefix | undefined): void;
  /** Routes that come from elsewhere, all there are of these sources: now, and again whenever they are others. */
  readonly redistribute?: {
    readonly sources: readonly RouteSource[];
    routes(prefixes: ReadonlySet<Prefix>): void;
  };
}

/** One end of a connection. */
export interface SocketName extends LinkAddress {
  readonly port: number;
}

/** `[fe80::1%100]:179`, the zone as a number, as in the seed's log. */
export function formatSocketName({ address, ifindex, port }: SocketName): string {
  return `[${address}%${ifindex}]:${port}`;
}

/** An ordered stream of octets to a peer, open or being opened. */
export interface Transport {
  /** Known once it is open. */
  readonly local: SocketName | undefined;
  readonly peer: SocketName;
  /** Octets that were sent but have not left yet: they pile up if the peer does not read. */
  readonly unsent: number;
  /** Whether octets have arrived that the listener has not been given yet: the peer is there, and we are late. */
  readonly isUnread: boolean;
  /** Whoever hears what happens from now on; never called before `listen` returns. */
  listen(listener: TransportListener): void;
  send(octets: Uint8Array): void;
  /** Ends it after all that was sent has left; the listener hears nothing more. */
  close(): void;
}

export interface TransportListener {
  /** A dial succeeded; not called for accepted connections, which are open from the start. */
  connected(): void;
  /** @param octets good during the call */
  received(octets: Uint8Array): void;
  /** All octets of one `send` have left; later, and in order. */
  sent?(): void;
  /** It failed or the peer ended it; `error` in words, e.g. `"connect: ECONNREFUSED"`. The last call. */
  closed(error: string): void;
}
