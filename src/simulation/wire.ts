import type { Lane } from "./lane.ts";
import type { MemoryConnection } from "./memory-connection.ts";
import type { MemoryHost } from "./memory-host.ts";

/** Where a link is plugged in. */
export interface Port {
  readonly host: MemoryHost;
  readonly ifname: string;
  readonly ifindex: number;
}

/** A link between two hosts, as a veth pair is: down at both ends if at one. */
export class Wire {
  readonly ends: readonly [Port, Port];
  /** Those of which at least one end is open. */
  readonly connections = new Set<MemoryConnection>();
  readonly #waiting = new Set<Lane>();
  #running = true;
  #silent = false;

  constructor(ends: readonly [Port, Port]) {
    this.ends = ends;
  }

  /** `r1:eth0 -- r2:eth0`. */
  get name(): string {
    return this.ends.map(({ host, ifname }) => `${host.name}:${ifname}`).join(" -- ");
  }

  get running(): boolean {
    return this.#running;
  }

  get silent(): boolean {
    return this.#silent;
  }

  /** Whether what is due to arrive now does. */
  get passes(): boolean {
    return this.#running && !this.#silent;
  }

  /** The end that is not this host's. */
  farEnd(host: MemoryHost): Port {
    const [a, b] = this.ends;
    return a.host === host ? b : a;
  }

  /** Takes the link away or brings it back, with its addresses; both ends are told. */
  setRunning(running: boolean): void {
    this.#running = running;
    for (const { host, ifindex } of this.ends) host.changeLink(ifindex, { running });
    this.#resume();
  }

  /** Takes one end down as `ip link set down` does, which also takes its addresses; the other loses its carrier. */
  takeDown(end: Port): void {
    this.#running = false;
    for (const { host, ifindex } of this.ends) {
      host.changeLink(
        ifindex,
        host === end.host ? { running: false, linkLocal: undefined } : { running: false },
      );
    }
  }

  /** While silent, nothing gets through, and nobody is told. */
  setSilent(silent: boolean): void {
    this.#silent = silent;
    this.#resume();
  }

  /** The lane goes on as soon as the link passes something again. */
  onResume(lane: Lane): void {
    this.#waiting.add(lane);
  }

  #resume(): void {
    if (!this.passes) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const lane of waiting) lane.resume();
  }
}
