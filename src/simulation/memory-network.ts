import type { Address } from "../net/address.ts";
import { type Conditions, calm } from "./conditions.ts";
import type { MemoryTransport } from "./memory-connection.ts";
import { MemoryHost } from "./memory-host.ts";
import type { VirtualClock } from "./virtual-clock.ts";
import { type Port, Wire } from "./wire.ts";

/** One end of a link to be made. */
export interface LinkEnd {
  readonly host: MemoryHost;
  readonly ifname: string;
  readonly address: Address;
  /** The next free one from 1 on if not given. */
  readonly ifindex?: number | undefined;
  readonly mac?: string;
}

/** Whoever looks on. */
export interface NetworkObserver {
  /** Something happened to a connection; for a trace. */
  readonly note?: ((text: () => string) => void) | undefined;
  /** An end of a connection sends octets. */
  readonly sent?: (from: MemoryTransport, octets: Uint8Array) => void;
}

/** Routers and links in memory, on a virtual clock. */
export class MemoryNetwork {
  readonly clock: VirtualClock;
  readonly conditions: Conditions;
  readonly observer: NetworkObserver;
  readonly wires: Wire[] = [];
  #dials = 0;
  #macs = 0;

  constructor(clock: VirtualClock, options: { conditions?: Conditions; observer?: NetworkObserver } = {}) {
    this.clock = clock;
    this.conditions = options.conditions ?? calm;
    this.observer = options.observer ?? {};
  }

  host(name: string): MemoryHost {
    return new MemoryHost(this, name);
  }

  /** Joins two hosts or more by a link; all ends are up at once. */
  link(...ends: readonly LinkEnd[]): Wire {
    const plugged = ends.map((end) => ({ port: plug(end), end }));
    const wire = new Wire(plugged.map(({ port }) => port));
    for (const { port, end } of plugged) {
      const { address, mac = this.#nextMac() } = end;
      port.host.attach(wire, { ifindex: port.ifindex, linkLocal: address, mac });
    }
    this.wires.push(wire);
    return wire;
  }

  /** Counts connections, and so names them. */
  nextDial(): number {
    return ++this.#dials;
  }

  /** From now on nothing reaches this host and nothing leaves it, and nobody is told. */
  cut(host: MemoryHost): void {
    for (const wire of this.#wiresOf(host)) wire.setSilent(true);
  }

  heal(host: MemoryHost): void {
    for (const wire of this.#wiresOf(host)) wire.setSilent(false);
  }

  #nextMac(): string {
    const digits = (++this.#macs).toString(16).padStart(6, "0");
    return `02:fe:80:${digits.match(/../g)?.join(":")}`;
  }

  #wiresOf(host: MemoryHost): Wire[] {
    return this.wires.filter(({ ends }) => ends.some((end) => end.host === host));
  }
}

function plug({ host, ifname, ifindex }: LinkEnd): Port {
  return { host, ifname, ifindex: ifindex ?? host.links.length + 1 };
}
