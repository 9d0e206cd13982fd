import { dependsOnPrefix } from "../policy/evaluate.ts";
import { exportPath } from "./export.ts";
import type { Local } from "./local.ts";
import type { PathTable } from "./path-table.ts";
import type { PeerTable } from "./peer-table.ts";
import type { PrefixTable } from "./prefix-table.ts";
import type { Peer } from "./route.ts";

interface Tables {
  readonly prefixes: PrefixTable;
  readonly paths: PathTable;
  readonly peers: PeerTable;
}

/** More than there are peers. */
const PEERS = 65_536;

/**
 * Says what peers with one export treatment are told of a best route: the number of a path, 0 for nothing. Answers are kept
 * until `forget`, for many routes share a path, and so are the paths in them.
 */
export class Exporter {
  readonly #peer: Peer;
  readonly #local: Local;
  readonly #tables: Tables;
  readonly #isPrefixBlind: boolean;
  readonly #answers = new Map<number, number>();
  readonly #kept: number[] = [];
  readonly #last = { key: -1, answer: 0 };

  /** @param peer any of those peers */
  constructor(peer: Peer, context: { local: Local; tables: Tables }) {
    this.#peer = peer;
    this.#local = context.local;
    this.#tables = context.tables;
    const { export: policy } = peer.policy;
    this.#isPrefixBlind = policy === null || !dependsOnPrefix(policy);
  }

  /** @returns a path that whoever writes it down must retain */
  export(prefix: number, path: number, from: number): number {
    if (path === 0) return 0;
    const { prefixes } = this.#tables;
    const { exportPrefixes } = this.#peer.policy;
    if (exportPrefixes && !exportPrefixes.has(prefixes.format(prefix))) return 0;
    if (!this.#isPrefixBlind) return this.#consider(prefix, path, from);
    const key = (2 * path + Number(prefixes.family(prefix) === 6)) * PEERS + from;
    const last = this.#last;
    if (last.key === key) return last.answer;
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = this.#consider(prefix, path, from);
      this.#answers.set(key, answer);
    }
    last.key = key;
    last.answer = answer;
    return answer;
  }

  /** Numbers may mean something else from now on. */
  forget(): void {
    if (this.#kept.length === 0) return;
    for (const path of this.#kept) this.#tables.paths.release(path);
    this.#kept.length = 0;
    this.#answers.clear();
    this.#last.key = -1;
  }

  #consider(prefix: number, path: number, from: number): number {
    const { prefixes, paths, peers } = this.#tables;
    const exported = exportPath(
      {
        family: prefixes.family(prefix),
        network: this.#isPrefixBlind ? anywhere : prefixes.network(prefix),
        length: prefixes.lengthOf(prefix),
        path: paths.path(path),
        from: peers.numbered(from)?.peer,
      },
      this.#peer,
      this.#local,
    );
    const answer = exported ? paths.intern(exported) : 0;
    paths.retain(path);
    this.#kept.push(path, answer);
    return answer;
  }
}

const anywhere = new Uint8Array(16);
