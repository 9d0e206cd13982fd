import type { Family } from "../../net/address.ts";
import type { Prefix } from "../../net/prefix.ts";
import type { PathAttributes, Update } from "../wire/message.ts";
import { AdjRibsIn } from "./adj-ribs-in.ts";
import { AdjRibsOut } from "./adj-ribs-out.ts";
import { Bitmap } from "./bitmap.ts";
import { Importer } from "./importer.ts";
import { LocRib } from "./loc-rib.ts";
import type { Local, Multipath } from "./local.ts";
import { Marks } from "./marks.ts";
import type { NlriWriter } from "./nlri-writer.ts";
import { PathTable } from "./path-table.ts";
import { type PeerEntry, PeerTable, rankOf } from "./peer-table.ts";
import { PrefixTable } from "./prefix-table.ts";
import { Reimports } from "./reimports.ts";
import { type BestRoute, type CandidateRoute, RibView } from "./rib-view.ts";
import type { BestChange, Peer, PeerPolicy, RibEffects, Route } from "./route.ts";
import { REFRESH_STALE, RESTART_STALE, RouteTable } from "./route-table.ts";
import { Selection } from "./selection.ts";

/** How many prefixes passed between a peer and us, as of now. */
export interface PeerCounts {
  readonly received: number;
  /** Those received that the decision process may choose. */
  readonly accepted: number;
  readonly advertised: number;
}

const noEffects: RibEffects = { changes: [], advertisements: [] };

/**
 * All routes of one router (RFC 4271 §3.2). Events at it change what the peers told, and mark prefixes; `settle` decides
 * about those, and gives back what follows. Sending the messages and telling the kernel of the changes is the caller's work.
 *
 * A peer is up from `peerUp` to `peerDown`. Events of a peer that is not up change nothing.
 *
 * Long because it is the only door: an event or a question each has a short method, and the work is in the tables behind.
 */
export class Rib {
  readonly #local: Local & { multipath: Multipath };
  readonly #prefixes = new PrefixTable();
  readonly #paths = new PathTable();
  readonly #routes = new RouteTable();
  readonly #peers = new PeerTable();
  readonly #marks = new Marks();
  readonly #importer: Importer;
  readonly #in: AdjRibsIn;
  readonly #locRib: LocRib;
  readonly #view: RibView;
  readonly #out: AdjRibsOut;
  readonly #reimports: Reimports;
  /** Prefixes that may be nobody's by now. */
  readonly #spent = new Marks();
  /** Marked prefixes of which others may hear something else, even if the best route is the same. */
  readonly #retold = new Bitmap();
  #isDeferred = false;

  constructor(setup: Local) {
    const tables = this.#tables;
    const local = { ...setup };
    this.#local = local;
    this.#importer = new Importer(local, tables);
    this.#in = new AdjRibsIn(tables, this.#importer, (prefix) => this.#marks.add(prefix));
    this.#reimports = new Reimports(this.#in, this.#routes);
    this.#locRib = new LocRib(new Selection(local, tables), tables);
    this.#out = new AdjRibsOut({ local, locRib: this.#locRib, tables });
    this.#view = new RibView(tables, { local, locRib: this.#locRib, importer: this.#importer });
  }

  /** A prefix is now ours to announce, with an empty AS path unless it is told otherwise. */
  originate(prefix: Prefix, attributes: Partial<PathAttributes> = {}): void {
    const path = { attributes: { origin: "igp", asPath: [], ...attributes } as const, nextHop: undefined };
    const id = this.#paths.intern(path);
    this.#in.originate(this.#prefixes.internText(prefix), id);
    this.#paths.release(id);
  }

  /** A prefix is no longer ours. */
  withdraw(prefix: Prefix): void {
    const id = this.#prefixes.findText(prefix);
    if (id >= 0) this.#in.withdraw(id);
  }

  /**
   * A session is Established: the peer gets all it may know, piece by piece, and an End-of-RIB for each family. If an
   * earlier session of that name never went down, it does now. What is stale stays where the peer kept forwarding
   * (RFC 4724 §4.2).
   */
  peerUp(peer: Peer): void {
    this.peerDown(peer.session);
    const entry = this.#peers.get(peer.session) ?? this.#peers.add(peer);
    this.#replace(entry, peer);
    this.#out.up(entry);
  }

  /** A session is no longer Established: all that came over it is gone, but for what becomes stale in the families of `keep`. */
  peerDown(session: string, keep: readonly Family[] = []): void {
    const entry = this.#up(session);
    if (!entry) return;
    this.#out.down(entry);
    entry.isUp = false;
    entry.complete.clear();
    this.#reimports.delete(entry);
    this.#in.down(entry, keep);
  }

  /** A peer did not come back in time: what is stale of it goes. */
  forget(session: string): void {
    const entry = this.#peers.get(session);
    if (entry) this.#in.removeStale(entry, undefined, RESTART_STALE);
  }

  /**
   * An UPDATE came. Treat-as-withdraw (RFC 7606 §2) is already done by its decoder.
   *
   * @returns how many prefixes there are if they are too many, and the session must end (RFC 4486, Cease/1)
   */
  update(session: string, update: Update): { received: number } | undefined {
    const entry = this.#up(session);
    if (!entry) return undefined;
    this.#in.update(entry, update);
    const { prefixLimit } = entry.peer.policy;
    return prefixLimit !== null && entry.accepted > prefixLimit ? { received: entry.accepted } : undefined;
  }

  /** The peer asks for all routes of a family again (RFC 2918 §4). */
  refresh(session: string, family: Family): void {
    const entry = this.#up(session);
    if (entry) this.#out.refresh(entry, family);
  }

  /**
   * The peer begins to tell all of its routes of a family again (RFC 7313 §4). Until it ends nothing changes by that. A peer
   * that is able to restart gracefully must not do so before its first table is complete; if it does, that means nothing.
   */
  beginRefresh(session: string, family: Family): void {
    const entry = this.#up(session);
    if (!entry || (entry.peer.gracefulRestart && !entry.complete.has(family))) return;
    this.#in.makeStale(entry, family, REFRESH_STALE);
  }

  /** It has told all of them: what it had told before, and not again, is gone. */
  endRefresh(session: string, family: Family): void {
    const entry = this.#up(session);
    if (entry) this.#in.removeStale(entry, family, REFRESH_STALE);
  }

  /** Something else is done to the routes of a peer from now on, also to those that it told before. It is told the difference. */
  setPolicy(session: string, policy: PeerPolicy): void {
    const entry = this.#up(session);
    if (!entry) return;
    const { policy: former } = entry.peer;
    this.#importer.forget();
    entry.peer = { ...entry.peer, policy };
    this.#reimports.add(entry);
    if (policy.routeReflectorClient !== former.routeReflectorClient) this.#retell(entry);
    this.#out.changed(entry);
  }

  /** From now on so many routes to a prefix are used at once; all prefixes are decided about anew. */
  setMultipath(multipath: Multipath): void {
    this.#local.multipath = multipath;
    for (let prefix = 0; prefix < this.#prefixes.limit; prefix++) {
      if (this.#prefixes.isUsed(prefix)) this.#marks.add(prefix);
    }
  }

  /** The peer takes no UPDATEs for now. What changes until `resume` is told then, and only as it is by then. */
  pause(session: string): void {
    const entry = this.#up(session);
    if (entry) this.#out.pause(entry);
  }

  /** The peer takes UPDATEs again. */
  resume(session: string): void {
    const entry = this.#up(session);
    if (entry) this.#out.resume(entry);
  }

  /** We have just started again: until `select` nothing is decided or advertised (RFC 4724 §4.1). */
  defer(): void {
    this.#isDeferred = true;
  }

  /** All peers have told their tables, or had the time for it. */
  select(): void {
    this.#isDeferred = false;
  }

  /** Whether `settle` has anything to do. */
  get busy(): boolean {
    if (this.#isDeferred) return false;
    return this.#marks.size > 0 || this.#reimports.size > 0 || this.#out.isBusy;
  }

  /** Does up to about `limit` prefixes' worth of pending work, the oldest first. */
  settle(limit: number): RibEffects {
    if (this.#isDeferred) return noEffects;
    this.#releaseSpent(limit);
    this.#locRib.fit(this.#prefixes.capacity);
    this.#out.fit(this.#prefixes.capacity);
    const changes: BestChange[] = [];
    let left = this.#reimports.run(limit);
    for (; left > 0 && this.#marks.size > 0; left--) this.#decide(this.#marks.take(), changes);
    const advertisements = this.#out.settle(Math.max(left, Math.ceil(limit / 2)));
    this.#importer.forget();
    this.#peers.sweep();
    return { changes, advertisements };
  }

  /** The Loc-RIB. Learnt routes in it always have a link-local next hop. */
  best(): Iterable<BestRoute> {
    return this.#view.best();
  }

  /** What is used for each prefix, for whoever comes too late to hear it from `settle`. */
  *used(): Iterable<BestChange> {
    for (let id = 0; id < this.#prefixes.limit; id++) {
      if (this.#locRib.path(id) !== 0) yield this.#locRib.change(id, this.#prefixes.family(id));
    }
  }

  bestOf(prefix: Prefix): BestRoute | undefined {
    return this.#view.bestOf(prefix);
  }

  /** All routes to a prefix that we know of, whether or not they may be used. */
  candidates(prefix: Prefix): readonly CandidateRoute[] {
    return this.#view.candidates(prefix);
  }

  /** What a peer told us, as it came; nothing if we do not know it. */
  received(session: string): Iterable<CandidateRoute> {
    const entry = this.#peers.get(session);
    return entry ? this.#view.received(entry) : [];
  }

  /** What a peer was told; nothing if it is not up. */
  *advertised(session: string): Iterable<Route> {
    const entry = this.#up(session);
    if (entry) yield* this.#view.advertised(entry, this.#out);
  }

  /** @returns undefined if that session is not up */
  counts(session: string): PeerCounts | undefined {
    const entry = this.#up(session);
    if (!entry) return undefined;
    const { received, accepted } = entry;
    return { received, accepted, advertised: this.#out.count(entry) };
  }

  /** How many entries the tables have that all others refer to; none if there is no route. */
  get sizes(): { readonly prefixes: number; readonly paths: number; readonly routes: number } {
    return { prefixes: this.#prefixes.size, paths: this.#paths.size, routes: this.#routes.size };
  }

  /** The prefix of a `BestChange`; good until the next `settle`. */
  prefix(id: number): Prefix {
    return this.#prefixes.format(id);
  }

  /** Writes the length of the prefix of a `BestChange` and its octets, as in an UPDATE (RFC 4271 §4.3). */
  writePrefix(id: number, writer: NlriWriter): void {
    this.#prefixes.write(id, writer);
  }

  get #tables() {
    return { prefixes: this.#prefixes, paths: this.#paths, routes: this.#routes, peers: this.#peers };
  }

  #up(session: string): PeerEntry | undefined {
    const entry = this.#peers.get(session);
    return entry?.isUp ? entry : undefined;
  }

  /** A peer is there again, or for the first time. */
  #replace(entry: PeerEntry, peer: Peer): void {
    const former = entry.peer;
    const isOther = former.asn !== peer.asn || former.routerId !== peer.routerId;
    const kept = isOther ? [] : (peer.gracefulRestart?.forwarding ?? []);
    for (const family of [4, 6] as const) {
      if (!kept.includes(family)) this.#in.removeStale(entry, family, RESTART_STALE);
    }
    this.#importer.forget();
    entry.peer = peer;
    entry.rank = rankOf(peer);
    entry.isUp = true;
    if (entry.received > 0) this.#reimports.add(entry);
  }

  /** Whom a peer's routes go to has changed. */
  #retell({ number }: PeerEntry): void {
    for (const row of this.#routes.of(number)) {
      const prefix = this.#routes.prefix[row] as number;
      this.#marks.add(prefix);
      this.#retold.add(prefix);
    }
  }

  #decide(prefix: number, changes: BestChange[]): void {
    const former = this.#locRib.peer(prefix);
    const changed = this.#locRib.decide(prefix);
    if (changed) changes.push(this.#locRib.change(prefix, this.#prefixes.family(prefix)));
    const change = { formerPeer: former, isBest: changed === "best" || this.#retold.has(prefix) };
    this.#retold.delete(prefix);
    this.#out.follow(prefix, change);
    if (this.#routes.first(prefix) < 0) this.#spent.add(prefix);
  }

  /** A prefix is forgotten when nobody has a route to it, and everybody knows. */
  #releaseSpent(limit: number): void {
    for (let left = Math.min(this.#spent.size, limit + 1024); left > 0; left--) {
      const prefix = this.#spent.take();
      if (this.#routes.first(prefix) >= 0 || this.#marks.has(prefix)) continue;
      if (this.#out.isAwaited(prefix)) this.#spent.add(prefix);
      else this.#prefixes.release(prefix);
    }
  }
}
