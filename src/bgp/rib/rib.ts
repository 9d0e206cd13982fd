import type { Family } from "../../net/address.ts";
import type { Prefix } from "../../net/prefix.ts";
import type { PathAttributes, Update } from "../wire/message.ts";
import { AdjRibIn } from "./adj-rib-in.ts";
import { AdjRibOut } from "./adj-rib-out.ts";
import { AttributePool } from "./attribute-pool.ts";
import { LocRib } from "./loc-rib.ts";
import type { Local } from "./local.ts";
import type { BestChange, Peer, PeerPolicy, RibEffects, Route, RoutingMessage } from "./route.ts";
import { endOfRib } from "./update-batch.ts";

/** How many prefixes passed between a peer and us, as of now. */
export interface PeerCounts {
  readonly received: number;
  /** Those received that the decision process may choose. */
  readonly accepted: number;
  readonly advertised: number;
}

interface PeerTables {
  readonly in: AdjRibIn;
  readonly out: AdjRibOut;
  /** Undefined while it is told of everything at once. */
  untold: Untold | undefined;
}

/** What a paused peer must hear of: less than the Loc-RIB, however long it is paused. */
interface Untold {
  readonly prefixes: Set<Prefix>;
  readonly refreshes: Set<Family>;
}

const originated: PathAttributes = { origin: "igp", asPath: [] };

const noEffects: RibEffects = { changes: [], messages: new Map() };

/**
 * All routes of one router (RFC 4271 §3.2). Every event at it gives back what follows from it, and does nothing else:
 * sending the messages and telling the kernel of the changes is the caller's work, in the order of the events.
 *
 * A peer is up from `peerUp` to `peerDown`. Events of a peer that is not up change nothing.
 */
export class Rib {
  readonly #local: Local;
  readonly #pool = new AttributePool();
  readonly #originated = new Map<Prefix, Route>();
  readonly #peers = new Map<string, PeerTables>();
  readonly #locRib: LocRib;

  constructor(local: Local) {
    this.#local = local;
    this.#locRib = new LocRib(local);
  }

  /** A prefix is now ours to announce. */
  originate(prefix: Prefix): RibEffects {
    const attributes = this.#pool.intern(originated);
    this.#originated.set(prefix, { prefix, attributes, nextHop: undefined, peer: undefined });
    return this.#settle([prefix]);
  }

  /** A prefix is no longer ours. */
  withdraw(prefix: Prefix): RibEffects {
    return this.#originated.delete(prefix) ? this.#settle([prefix]) : noEffects;
  }

  /**
   * A session is Established: the peer gets all it may know, and an End-of-RIB for each family.
   * If an earlier session on that interface never went down, it does now.
   */
  peerUp(peer: Peer): RibEffects {
    const { changes, messages } = this.peerDown(peer.ifname);
    const context = { local: this.#local, pool: this.#pool };
    const out = new AdjRibOut(peer, context);
    this.#peers.set(peer.ifname, { in: new AdjRibIn(peer, context), out, untold: undefined });
    const table = [...out.follow(asChanges(this.#locRib)), ...peer.families.map(endOfRib)];
    return { changes, messages: new Map([...messages, [peer.ifname, table]]) };
  }

  /** A session is no longer Established: all that came over it is gone. */
  peerDown(ifname: string): RibEffects {
    const peer = this.#peers.get(ifname);
    if (!peer) return noEffects;
    this.#peers.delete(ifname);
    return this.#settle(peer.in.prefixes());
  }

  /** An UPDATE came. Treat-as-withdraw (RFC 7606 §2) is already done by its decoder. */
  update(ifname: string, update: Update): RibEffects {
    const peer = this.#peers.get(ifname);
    if (!peer) return noEffects;
    peer.in.apply(update);
    return this.#settle([...update.withdrawn, ...update.announced.flatMap(({ prefixes }) => prefixes)]);
  }

  /** The peer asks for all routes of a family again (RFC 2918). */
  refresh(ifname: string, family: Family): RibEffects {
    const peer = this.#peers.get(ifname);
    if (peer?.untold) {
      peer.untold.refreshes.add(family);
      return noEffects;
    }
    return tell(ifname, peer?.out.replay(family) ?? []);
  }

  /** The peer begins to tell all of its routes of a family again (RFC 7313 §4). Until it ends nothing changes by that. */
  beginRefresh(ifname: string, family: Family): void {
    this.#peers.get(ifname)?.in.beginRefresh(family);
  }

  /** It has told all of them: what it had told before, and not again, is gone. */
  endRefresh(ifname: string, family: Family): RibEffects {
    const gone = this.#peers.get(ifname)?.in.endRefresh(family) ?? [];
    return gone.length === 0 ? noEffects : this.#settle(gone);
  }

  /**
   * Something else is done to the routes of a peer from now on. It is told what changes for it; what it told us before
   * stays as it is until it tells it again.
   */
  setPolicy(ifname: string, policy: PeerPolicy): RibEffects {
    const peer = this.#peers.get(ifname);
    if (!peer) return noEffects;
    peer.in.setPolicy(policy);
    peer.out.setPolicy(policy);
    if (peer.untold) {
      for (const { prefix } of asChanges(this.#locRib)) peer.untold.prefixes.add(prefix);
      return noEffects;
    }
    return tell(ifname, peer.out.follow(asChanges(this.#locRib)));
  }

  /** The peer takes no UPDATEs for now. What changes until `resume` is told then, and only as it is by then. */
  pause(ifname: string): void {
    const peer = this.#peers.get(ifname);
    if (peer) peer.untold ??= { prefixes: new Set(), refreshes: new Set() };
  }

  /** The peer takes UPDATEs again: all that it was not told. */
  resume(ifname: string): RibEffects {
    const peer = this.#peers.get(ifname);
    if (!peer?.untold) return noEffects;
    const { prefixes, refreshes } = peer.untold;
    peer.untold = undefined;
    const changes = Array.from(prefixes, (prefix) => ({ prefix, best: this.#locRib.get(prefix) }));
    const news = peer.out.follow(changes);
    return tell(ifname, [...news, ...[...refreshes].flatMap((family) => peer.out.replay(family))]);
  }

  /** The Loc-RIB. Learnt routes in it always have a link-local next hop. */
  best(): Iterable<NonNullable<BestChange["best"]>> {
    return this.#locRib.all();
  }

  bestOf(prefix: Prefix): BestChange["best"] {
    return this.#locRib.get(prefix);
  }

  /** All routes to a prefix that the best one was chosen from. */
  candidates(prefix: Prefix): readonly Route[] {
    const own = this.#originated.get(prefix);
    const routes = own ? [own] : [];
    for (const peer of this.#peers.values()) {
      const route = peer.in.get(prefix);
      if (route) routes.push(route);
    }
    return routes;
  }

  /** @returns undefined if no peer is up on that interface */
  counts(ifname: string): PeerCounts | undefined {
    const peer = this.#peers.get(ifname);
    return peer && { received: peer.in.received, accepted: peer.in.accepted, advertised: peer.out.size };
  }

  /** Decides anew about prefixes whose candidates may have changed, and lets every peer know. */
  #settle(prefixes: Iterable<Prefix>): RibEffects {
    const changes: BestChange[] = [];
    for (const prefix of prefixes) {
      const change = this.#locRib.choose(prefix, this.candidates(prefix));
      if (change) changes.push(change);
    }
    const messages = new Map<string, readonly RoutingMessage[]>();
    for (const [ifname, peer] of this.#peers) {
      if (peer.untold) {
        for (const { prefix } of changes) peer.untold.prefixes.add(prefix);
        continue;
      }
      const due = peer.out.follow(changes);
      if (due.length > 0) messages.set(ifname, due);
    }
    return { changes, messages };
  }
}

function tell(ifname: string, messages: readonly RoutingMessage[]): RibEffects {
  return messages.length === 0 ? noEffects : { changes: [], messages: new Map([[ifname, messages]]) };
}

function* asChanges(locRib: LocRib): Iterable<BestChange> {
  for (const best of locRib.all()) yield { prefix: best.route.prefix, best };
}
