import type { OutPeer } from "./out-peer.ts";
import { type BatchTables, UpdateBatch } from "./update-batch.ts";

/** More than there are peers. */
const PEERS = 65_536;

/** Open UPDATEs for the peers of one group, by whom they are for. */
export class GroupBatches {
  readonly #tables: BatchTables;
  readonly #batches = new Map<number, UpdateBatch>();
  #last: { readonly key: number; readonly batch: UpdateBatch } | undefined;
  /** Peers that were told something by themselves. */
  readonly #alike: (readonly OutPeer[])[] = [];
  /** Those that are told what is new at once; changes only between two calls of `take`. */
  live: readonly OutPeer[] = [];

  constructor(tables: BatchTables) {
    this.#tables = tables;
  }

  /** For all that are live but two, which may be 0. */
  allBut(a: number, b: number): UpdateBatch {
    const key = Math.min(a, b) * PEERS + Math.max(a, b);
    return this.#batch(key, () => this.live.filter(({ entry: { number } }) => number !== a && number !== b));
  }

  /** For one, if it is live. */
  only(number: number): UpdateBatch | undefined {
    if (number === 0) return undefined;
    return this.#batch(-number, () => this.live.filter(({ entry }) => entry.number === number));
  }

  /** For some that are not live, but one, which may be 0. */
  some(peers: readonly OutPeer[], but: number): UpdateBatch {
    let group = this.#alike.findIndex(
      (each) => each.length === peers.length && each.every((peer, index) => peer === peers[index]),
    );
    if (group < 0) group = this.#alike.push(peers) - 1;
    const key = (group + PEERS) * PEERS + but;
    return this.#batch(key, () => peers.filter(({ entry }) => entry.number !== but));
  }

  /** One that nobody else puts anything into. */
  single(peer: OutPeer): UpdateBatch {
    return new UpdateBatch(this.#tables, [peer.entry.peer.session]);
  }

  /** All, which are not open any more. */
  take(): UpdateBatch[] {
    const batches = [...this.#batches.values()];
    this.#batches.clear();
    this.#alike.length = 0;
    this.#last = undefined;
    return batches;
  }

  #batch(key: number, to: () => readonly OutPeer[]): UpdateBatch {
    if (this.#last?.key === key) return this.#last.batch;
    let batch = this.#batches.get(key);
    if (!batch) {
      const sessions = to().map(({ entry }) => entry.peer.session);
      batch = new UpdateBatch(this.#tables, sessions);
      this.#batches.set(key, batch);
    }
    this.#last = { key, batch };
    return batch;
  }
}
