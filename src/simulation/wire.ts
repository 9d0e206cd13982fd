import type { Lane } from "./lane.ts";
import type { MemoryConnection } from "./memory-connection.ts";
import type { MemoryHost } from "./memory-host.ts";

/** Where a link is plugged in. */
export interface Port {
  readonly host: MemoryHost;
  readonly ifname: string;
  readonly ifindex: number;
}

/** A link between two hosts, as a veth pair is: down at both ends if at one. Or of more, as a bridge is: each end by itself. */
export class Wire {
  readonly ends: readonly Port[];
  /** Those of which at least one end is open. */
  readonly connections = new Set<MemoryConnection>();
  readonly #waiting = new Set<Lane>();
  readonly #down = new Set<Port>();
  #silent = false;

  constructor(ends: readonly Port[]) {
    this.ends = ends;
  }

  /** `r1:eth0 -- r2:eth0`. */
  get name(): string {
    return this.ends.map(({ host, ifname }) => `${host.name}:${ifname}`).join(" -- ");
  }

  /** At all ends. */
  get running(): boolean {
    return this.#down.size === 0;
  }

  get silent(): boolean {
    return this.#silent;
  }

  /** Whether what is due to go from one end to another now does. */
  passes(from: Port, to: Port): boolean {
    return !this.#silent && !this.#down.has(from) && !this.#down.has(to);
  }

  /** The ends that are not this host's. */
  farEnds(host: MemoryHost): readonly Port[] {
    return this.ends.filter((end) => end.host !== host);
  }

  /** Takes the link away or brings it back, with its addresses; all ends are told. */
  setRunning(running: boolean): void {
    const changed = this.ends.filter((end) => this.#down.has(end) === running || this.ends.length === 2);
    for (const end of this.ends) this.#mark(end, running);
    for (const { host, ifindex } of changed) host.changeLink(ifindex, { running });
    this.#resume();
  }

  /** Takes one end down as `ip link set down` does, which also takes its addresses; that of a veth pair takes the carrier of the other. */
  takeDown(end: Port): void {
    for (const each of this.ends.length === 2 ? this.ends : [end]) {
      this.#mark(each, false);
      const { host, ifindex } = each;
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

  #mark(end: Port, running: boolean): void {
    if (running) this.#down.delete(end);
    else this.#down.add(end);
  }

  /** A lane that still cannot go on waits again. */
  #resume(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const lane of waiting) lane.resume();
  }
}
