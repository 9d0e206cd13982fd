import { Exporter } from "./exporter.ts";
import type { OutPeer } from "./out-peer.ts";
import { Outbox, type Repeatable } from "./outbox.ts";
import { PathList } from "./path-list.ts";
import type { OutContext, RibOut, ToldPath } from "./rib-out.ts";
import type { Advertisement, Peer } from "./route.ts";
import { UpdateBatch } from "./update-batch.ts";

/**
 * What one peer was told that takes several paths to a prefix (RFC 7911): all that may be used and may go to it. A path
 * identifier is the number of the route's row, plus 1, so that it stays as long as the route is there. Families that the peer
 * takes one path of have the best route alone.
 */
export class AdjRibOutPaths implements RibOut {
  readonly #context: OutContext;
  readonly #addPath: Peer["addPathSend"];
  readonly #told = new PathList();
  readonly #outbox = new Outbox();
  #exporter: Exporter;
  #peer: OutPeer | undefined;
  #batch: UpdateBatch | undefined;
  /** The word of the bitmap of what is untold from which to go on. */
  #word = 0;

  constructor(peer: Peer, context: OutContext) {
    this.#context = context;
    this.#addPath = peer.addPathSend;
    this.#exporter = new Exporter(peer, context);
  }

  get isEmpty(): boolean {
    return this.#peer === undefined;
  }

  get isBusy(): boolean {
    return this.#peer?.isDue === true || (this.#peer?.isPaused === false && this.#peer.untold.size > 0);
  }

  join(peer: OutPeer): void {
    this.#peer = peer;
    this.#noteAll(peer);
  }

  leave(): void {
    for (const path of this.#told.paths()) this.#context.tables.paths.release(path);
    this.#peer = undefined;
  }

  setPeer(peer: Peer): boolean {
    this.#exporter = new Exporter(peer, this.#context);
    if (this.#peer) this.#noteAll(this.#peer);
    return true;
  }

  pause(peer: OutPeer): void {
    peer.isPaused = true;
  }

  fit(capacity: number): void {
    this.#told.fit(capacity);
  }

  follow(prefix: number): void {
    this.#peer?.note(prefix, 0);
  }

  catchUp(limit: number): number {
    const peer = this.#peer;
    if (!peer || peer.isPaused) return limit;
    const left = this.#drain(peer, limit);
    if (this.#batch) this.#outbox.sendBatch(this.#batch);
    this.#batch = undefined;
    if (peer.untold.size > 0) return left;
    peer.isLive = true;
    this.#outbox.finish(peer);
    return this.#outbox.repeat(peer, this.#repeatable(peer), left);
  }

  take(): Advertisement[] {
    this.#exporter.forget();
    return this.#outbox.take();
  }

  isAwaited(prefix: number): boolean {
    return this.#told.first(prefix) >= 0;
  }

  count(): number {
    return this.#told.size;
  }

  knownTo(_peer: OutPeer, prefix: number): readonly ToldPath[] {
    const told: ToldPath[] = [];
    for (let entry = this.#told.first(prefix); entry >= 0; entry = this.#told.next(entry)) {
      const pathId = this.#told.pathId(entry);
      told.push({ path: this.#told.path(entry), pathId, from: this.#told.from(entry) });
    }
    return told.sort((a, b) => a.pathId - b.pathId);
  }

  #noteAll(peer: OutPeer): void {
    for (let prefix = 0; prefix < this.#context.tables.prefixes.limit; prefix++) {
      if (this.#context.tables.prefixes.isUsed(prefix)) peer.note(prefix, 0);
    }
  }

  #drain(peer: OutPeer, limit: number): number {
    const words = Math.ceil(this.#context.tables.prefixes.limit / 32);
    let left = limit;
    for (let scanned = 0; scanned < words && left > 0 && peer.untold.size > 0; scanned++) {
      const word = this.#word % words;
      this.#word = word + 1;
      for (let bits = peer.untold.word(word); bits !== 0; bits &= bits - 1) {
        const prefix = 32 * word + 31 - Math.clz32(bits & -bits);
        this.#tell(peer, prefix);
        peer.settle(prefix);
        left--;
      }
    }
    return left;
  }

  #tell(peer: OutPeer, prefix: number): void {
    const wanted = this.#wanted(peer, prefix);
    for (const { pathId, path } of this.knownTo(peer, prefix)) {
      if (wanted.some((each) => each.pathId === pathId)) continue;
      this.#told.remove(prefix, this.#told.find(prefix, pathId));
      this.#open(peer).withdraw(prefix, pathId);
      this.#context.tables.paths.release(path);
    }
    for (const each of wanted) this.#announce(peer, prefix, each);
  }

  #announce(peer: OutPeer, prefix: number, { path, pathId, from }: ToldPath): void {
    const { paths } = this.#context.tables;
    const known = this.#told.find(prefix, pathId);
    const entry = known >= 0 ? known : this.#told.add(prefix, pathId);
    const former = known >= 0 ? this.#told.path(entry) : 0;
    if (former !== path) this.#open(peer).announce(prefix, path, pathId);
    paths.retain(path);
    paths.release(former);
    this.#told.set(entry, { path, from });
  }

  #wanted(peer: OutPeer, prefix: number): ToldPath[] {
    const { routes, prefixes } = this.#context.tables;
    const { locRib } = this.#context;
    const wanted: ToldPath[] = [];
    const consider = (pathId: number, used: number, from: number) => {
      if (used <= 0 || from === peer.entry.number) return;
      const path = this.#exporter.export(prefix, used, from);
      if (path !== 0) wanted.push({ path, pathId, from });
    };
    if (!this.#addPath.includes(prefixes.family(prefix))) {
      consider(0, locRib.path(prefix), locRib.peer(prefix));
      return wanted;
    }
    for (let row = routes.first(prefix); row >= 0; row = routes.next(row)) {
      consider(row + 1, routes.used[row] as number, routes.peer[row] as number);
    }
    return wanted;
  }

  #open(peer: OutPeer): UpdateBatch {
    this.#batch ??= new UpdateBatch(this.#context.tables, [peer.entry.peer.session], this.#addPath);
    return this.#batch;
  }

  #repeatable(peer: OutPeer): Repeatable {
    const { prefixes } = this.#context.tables;
    return {
      limit: prefixes.limit,
      batch: () => new UpdateBatch(this.#context.tables, [peer.entry.peer.session], this.#addPath),
      add: (batch, prefix, family) => {
        if (!prefixes.isUsed(prefix) || prefixes.family(prefix) !== family) return;
        for (const { path, pathId } of this.knownTo(peer, prefix)) batch.announce(prefix, path, pathId);
      },
    };
  }
}
