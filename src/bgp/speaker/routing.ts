import type { Prefix } from "../../net/prefix.ts";
import type { Clock } from "../../std/clock.ts";
import type { RouterConfig } from "../config/config.ts";
import { Rib } from "../rib/rib.ts";
import type { Advertisement, BestChange } from "../rib/route.ts";
import { ForwardingTable } from "./forwarding-table.ts";
import type { LinkState, RouterHost } from "./host.ts";
import type { Session } from "./session.ts";
import { SharedMessages } from "./shared-messages.ts";
import { TURN_MS, type Turns } from "./turns.ts";

/** Prefixes that are decided about at once: enough for messages to be full, and few enough to take a few milliseconds. */
const SLICE = 4096;

/** News of others' changes to our routes come in swarms, and before news of the interface whose end they are. */
const GATHER_MS = 100;

/** More of them than that are not worth to be looked at one by one. */
const MOST_DISTURBED = 10_000;

export interface RoutingSetup {
  readonly config: RouterConfig;
  readonly host: RouterHost;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly session: (name: string) => Session | undefined;
  readonly link: (ifname: string) => LinkState | undefined;
  /** Told when changes have been carried out. */
  readonly changed: (changes: readonly BestChange[]) => void;
}

/**
 * The routes of a router and all that follows from them: the kernel and the peers are told.
 *
 * Events change the RIB; `settle` carries out what follows, as much as may be done in one turn of the event loop, and
 * goes on by itself in later ones. What peers tell is left to `settleSoon`, so that what many of them tell at a time is decided
 * once, and told to others in as few messages as will do.
 */
export class Routing implements Disposable {
  readonly rib: Rib;
  readonly forwarding: ForwardingTable;
  readonly #setup: RoutingSetup;
  readonly #work = () => this.#slice();
  #repair: Disposable | undefined;
  #disturbed: Set<Prefix> | undefined = new Set();
  /** Who waits until all is decided. */
  #whenIdle: (() => void)[] = [];

  constructor(setup: RoutingSetup) {
    this.#setup = setup;
    const { asn, routerId, clusterId, multipath, install } = setup.config;
    this.rib = new Rib({ asn, routerId, clusterId: clusterId ?? routerId, multipath });
    const machine = install ? setup.host : elsewhere;
    this.forwarding = new ForwardingTable(machine, this.rib, (ifname) => setup.link(ifname)?.ifindex);
  }

  /** Does something to the RIB, and what follows. */
  after(event: (rib: Rib) => void): void {
    event(this.rib);
    this.settle();
  }

  /** Carries out what follows from what was done to the RIB, for as long as a turn may take, and the rest soon. */
  settle(): void {
    const { clock, turns } = this.#setup;
    const start = clock.now();
    while (this.#slice()) if (clock.now() - start >= TURN_MS) return turns.decide(this.#work);
  }

  /** The same, but nothing before all that waits to be read has been read. */
  settleSoon(): void {
    this.#setup.turns.decide(this.#work);
  }

  /** Calls back once nothing is left to be decided. */
  whenIdle(task: () => void): void {
    this.#whenIdle.push(task);
    if (!this.rib.busy) this.#idle();
  }

  /** Somebody else has changed a route of ours; undefined if that may be so for any. */
  disturbed(prefix: Prefix | undefined): void {
    if (prefix === undefined || this.#disturbed?.size === MOST_DISTURBED) this.#disturbed = undefined;
    else this.#disturbed?.add(prefix);
    // All routers of a process may hear of it at once, and a look at a thousand routes takes some milliseconds.
    this.#repair ??= this.#setup.turns.clock.after(GATHER_MS, () => this.#putRight());
  }

  /** Takes all routes out of the kernel. */
  [Symbol.dispose](): void {
    this.#setup.turns.delete(this.#work);
    this.#repair?.[Symbol.dispose]();
    this.forwarding.clear();
  }

  #idle(): void {
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const task of waiting) task();
  }

  #putRight(): void {
    const disturbed = this.#disturbed;
    this.#repair = undefined;
    this.#disturbed = new Set();
    if (disturbed) this.forwarding.restore(disturbed);
    else this.forwarding.repair();
  }

  /** The kernel first, so that nobody is told of a route that does not forward yet; then the peers, then whoever watches. */
  #slice(): boolean {
    const { changes, advertisements } = this.rib.settle(SLICE);
    if (changes.length > 0) this.forwarding.apply(changes);
    for (const advertisement of advertisements) this.#advertise(advertisement);
    if (changes.length > 0) this.#setup.changed(changes);
    const { busy } = this.rib;
    if (!busy) this.#idle();
    return busy;
  }

  #advertise({ to, messages }: Advertisement): void {
    const made = new SharedMessages(messages);
    for (const name of to) {
      const session = this.#setup.session(name);
      const outlet = session?.outlet;
      if (!session || !outlet) continue;
      const octets = made.octetsFor(outlet);
      if (octets.length > 0 && !session.send(octets)) this.rib.pause(name);
    }
  }
}

/** Where nothing is installed. */
const elsewhere: Pick<RouterHost, "forward" | "forwarded"> = { forward: () => [], forwarded: () => [] };
