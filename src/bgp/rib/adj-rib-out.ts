import { Exporter } from "./exporter.ts";
import { GroupBatches } from "./group-batches.ts";
import { grown } from "./growth.ts";
import type { OutPeer } from "./out-peer.ts";
import { Outbox, type Repeatable } from "./outbox.ts";
import type { OutContext, RibOut, ToldPath } from "./rib-out.ts";
import type { Advertisement, Peer } from "./route.ts";

/**
 * What some peers were told (RFC 4271 §3.2), all of which have the same export treatment, so that one table and one
 * UPDATE serve them all. Only the peer that the best route came from is told nothing of it. Those that are paused, or have
 * just come, are told later, together where they can be.
 */
export class AdjRibOut implements RibOut {
  readonly #context: OutContext;
  readonly #exporter: Exporter;
  readonly #peers: OutPeer[] = [];
  /** By prefix: the path that the peers know of; 0 for none. */
  #told = new Int32Array(0);
  #size = 0;
  /** By number of the peer: of how many of those the best route is its. */
  readonly #sizeFrom: number[] = [];
  /** Prefixes below are followed; then all are. */
  #built = 0;
  /** Prefixes below have been looked at for peers that have come since; then all have. */
  #filled = 0;
  /** A peer that is alone is told nothing of its own routes, so nobody has worked out what others would be told. */
  #isPartial = false;
  /** The word of the bitmaps of what is untold from which to go on. */
  #word = 0;
  readonly #batches: GroupBatches;
  readonly #outbox = new Outbox();

  /** @param peer any of those peers */
  constructor(peer: Peer, context: OutContext) {
    this.#context = context;
    this.#exporter = new Exporter(peer, context);
    this.#batches = new GroupBatches(context.tables);
  }

  get isEmpty(): boolean {
    return this.#peers.length === 0;
  }

  get isBusy(): boolean {
    return this.#peers.some(({ isDue }) => isDue);
  }

  count(peer: OutPeer): number {
    if (peer.isLive) return this.#size - (this.#sizeFrom[peer.entry.number] ?? 0);
    let count = 0;
    for (let prefix = 0; prefix < this.#context.tables.prefixes.limit; prefix++) {
      if (this.#known(peer, prefix) !== 0) count++;
    }
    return count;
  }

  knownTo(peer: OutPeer, prefix: number): readonly ToldPath[] {
    const path = this.#known(peer, prefix);
    return path === 0 ? [] : [{ path, pathId: 0, from: this.#context.locRib.peer(prefix) }];
  }

  setPeer(): boolean {
    return false;
  }

  /** From now on a peer, which knows what it has noted, is told all that the others are. */
  join(peer: OutPeer): void {
    this.#peers.push(peer);
    this.#setLive(peer, false);
    if (this.#peers.every(({ untold }) => untold.size === 0)) this.#word = 0;
    if (this.#isPartial) this.#filled = 0;
    this.#isPartial = false;
    for (let prefix = 0; prefix < this.#told.length; prefix++) {
      if (this.#told[prefix] !== 0) peer.note(prefix, 0);
    }
  }

  /** A peer leaves, and notes all that it knows if it goes to another Adj-RIB-Out. */
  leave(peer: OutPeer, goesOn: boolean): void {
    for (let prefix = 0; goesOn && prefix < this.#told.length; prefix++) {
      if (this.#told[prefix] !== 0 && !peer.untold.has(prefix)) {
        peer.note(prefix, this.#wanted(peer, prefix));
      }
    }
    this.#peers.splice(this.#peers.indexOf(peer), 1);
    this.#setLive(peer, false);
    if (!goesOn) peer.dispose();
    if (this.#peers.length > 0) return;
    for (const path of this.#told) this.#context.tables.paths.release(path);
    this.#told = new Int32Array(0);
  }

  pause(peer: OutPeer): void {
    peer.isPaused = true;
    this.#setLive(peer, false);
  }

  isAwaited(prefix: number): boolean {
    return this.#peers.some((peer) => !peer.isLive && peer.known(prefix) !== 0);
  }

  fit(capacity: number): void {
    this.#told = grown(this.#told, capacity);
  }

  follow(prefix: number, { formerPeer, isBest }: { formerPeer: number; isBest: boolean }): void {
    if (!isBest || prefix >= this.#built) return;
    const peer = this.#context.locRib.peer(prefix);
    const told = this.#told[prefix] as number;
    const now = this.#export(prefix, peer);
    if (now === told && (now === 0 || peer === formerPeer)) return;
    this.#context.tables.paths.retain(now);
    this.#told[prefix] = now;
    this.#count(formerPeer, told, -1);
    this.#count(peer, now, 1);
    this.#tell(prefix, { told, now, formerPeer, peer });
    this.#context.tables.paths.release(told);
  }

  catchUp(limit: number): number {
    let left = this.#fillAll(limit);
    left = this.#drain(left);
    this.#flush();
    const isFilled = this.#filled === Number.POSITIVE_INFINITY;
    for (const peer of this.#peers) {
      if (peer.isPaused || peer.untold.size > 0 || !isFilled) continue;
      if (!peer.isLive) this.#setLive(peer, true);
      this.#outbox.finish(peer);
      left = this.#outbox.repeat(peer, this.#repeatable(peer), left);
    }
    return left;
  }

  take(): Advertisement[] {
    this.#flush();
    this.#exporter.forget();
    return this.#outbox.take();
  }

  #known(peer: OutPeer, prefix: number): number {
    return peer.untold.has(prefix) ? peer.known(prefix) : this.#wanted(peer, prefix);
  }

  #wanted(peer: OutPeer, prefix: number): number {
    const told = this.#told[prefix] ?? 0;
    return told !== 0 && this.#context.locRib.peer(prefix) === peer.entry.number ? 0 : told;
  }

  #count(from: number, path: number, step: number): void {
    if (path === 0) return;
    this.#size += step;
    this.#sizeFrom[from] = (this.#sizeFrom[from] ?? 0) + step;
  }

  #repeatable(peer: OutPeer): Repeatable {
    const { prefixes } = this.#context.tables;
    return {
      limit: prefixes.limit,
      batch: () => this.#batches.single(peer),
      add: (batch, prefix, family) => {
        const path = this.#wanted(peer, prefix);
        if (path !== 0 && prefixes.family(prefix) === family) batch.announce(prefix, path);
      },
    };
  }

  #setLive(peer: OutPeer, isLive: boolean): void {
    this.#flush();
    peer.isLive = isLive;
    this.#batches.live = this.#peers.filter((each) => each.isLive);
  }

  #tell(prefix: number, change: { told: number; now: number; formerPeer: number; peer: number }): void {
    const { told, now, formerPeer, peer } = change;
    const batches = this.#batches;
    if (batches.live.length > 0) {
      if (told !== now) batches.allBut(formerPeer, peer).announce(prefix, now);
      if (formerPeer !== peer && now !== 0) batches.only(formerPeer)?.announce(prefix, now);
      if (formerPeer !== peer && told !== 0) batches.only(peer)?.withdraw(prefix);
    }
    if (batches.live.length === this.#peers.length) return;
    for (const each of this.#peers) {
      const { number } = each.entry;
      const knew = number === formerPeer ? 0 : told;
      const needs = number === peer ? 0 : now;
      if (!each.isLive && knew !== needs) each.note(prefix, knew);
    }
  }

  #flush(): void {
    for (const batch of this.#batches.take()) this.#outbox.sendBatch(batch);
  }

  /** Works out what is not known yet because there was nobody to tell. */
  #fillAll(limit: number): number {
    if (this.#filled === Number.POSITIVE_INFINITY) return limit;
    const { limit: all } = this.#context.tables.prefixes;
    const end = Math.min(this.#filled + limit, all);
    for (let prefix = this.#filled; prefix < end; prefix++) this.#fill(prefix);
    const left = limit - (end - this.#filled);
    this.#filled = end === all ? Number.POSITIVE_INFINITY : end;
    this.#built = Math.max(this.#built, this.#filled);
    return left;
  }

  #fill(prefix: number): void {
    if (this.#told[prefix] !== 0) return;
    const peer = this.#context.locRib.peer(prefix);
    const path = this.#export(prefix, peer);
    if (path === 0) return;
    this.#context.tables.paths.retain(path);
    this.#told[prefix] = path;
    this.#count(peer, path, 1);
    for (const each of this.#peers) if (each.entry.number !== peer) each.note(prefix, 0);
  }

  /** What those peers are to know of a prefix whose best route is of that peer. */
  #export(prefix: number, peer: number): number {
    if (this.#peers.length === 1 && this.#peers[0]?.entry.number === peer) {
      this.#isPartial = true;
      return 0;
    }
    return this.#exporter.export(prefix, this.#context.locRib.path(prefix), peer);
  }

  /** Tells those that are behind. */
  #drain(limit: number): number {
    const behind = this.#peers.filter((peer) => !peer.isPaused && peer.untold.size > 0);
    if (behind.length === 0) return limit;
    const words = Math.ceil(Math.min(this.#built, this.#context.tables.prefixes.limit) / 32);
    let left = limit;
    for (let scanned = 0; scanned < words && left > 0; scanned++) {
      const word = this.#word % words;
      left -= this.#drainWord(word, behind);
      this.#word = word + 1;
    }
    return left;
  }

  /** @returns how many prefixes it were */
  #drainWord(index: number, behind: readonly OutPeer[]): number {
    let count = 0;
    for (const peer of behind) {
      const word = peer.untold.word(index);
      if (word === 0) continue;
      const alike = peer.isBlank
        ? behind.filter((each) => each.isBlank && each.untold.word(index) === word)
        : [peer];
      for (let bits = word; bits !== 0; bits &= bits - 1) {
        const prefix = 32 * index + 31 - Math.clz32(bits & -bits);
        if (prefix >= this.#built) break;
        this.#drainPrefix(prefix, alike);
        count++;
      }
    }
    return count;
  }

  /** Tells some peers who all know the same of a prefix. */
  #drainPrefix(prefix: number, alike: readonly OutPeer[]): void {
    const now = this.#told[prefix] as number;
    const from = now === 0 ? 0 : this.#context.locRib.peer(prefix);
    const knew = alike[0]?.known(prefix) ?? 0;
    if (knew !== now) this.#batches.some(alike, from).announce(prefix, now);
    const source = alike.find(({ entry }) => entry.number === from);
    if (source && knew !== 0) this.#batches.some([source], 0).withdraw(prefix);
    for (const peer of alike) peer.settle(prefix);
  }
}
