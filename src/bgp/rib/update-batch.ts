import type { Family } from "../../net/address.ts";
import { emptyUpdate, type Nlri, type Update } from "../wire/message.ts";
import { grown } from "./growth.ts";
import { NlriWriter } from "./nlri-writer.ts";
import type { PathTable } from "./path-table.ts";
import type { PrefixTable } from "./prefix-table.ts";

/** That the first table of a family is complete (RFC 4724 §2). */
export function endOfRib(family: Family): Update {
  return { ...emptyUpdate, endOfRib: family };
}

/** What a batch reads prefixes and paths from. */
export interface BatchTables {
  readonly prefixes: PrefixTable;
  readonly paths: PathTable;
}

/** Prefixes that share an UPDATE, as a chain of items. */
interface Chain {
  readonly path: number;
  readonly family: Family;
  first: number;
  last: number;
}

/**
 * Collects what is to be told to some peers, and packs it into few UPDATEs, withdrawals first.
 *
 * Each UPDATE is of one family, because a message has room for one MP_REACH_NLRI only. It may be too long for one
 * message all the same: cutting it is the encoder's work. A prefix, or one path to it, must be added only once.
 */
export class UpdateBatch {
  readonly to: readonly string[];
  readonly #tables: BatchTables;
  readonly #addPath: readonly Family[];
  #prefix = new Int32Array(64);
  #pathId = new Uint32Array(64);
  #next = new Int32Array(64);
  #size = 0;
  /** Octets that all prefixes take at most. */
  #room = 0;
  /** By twice the path, plus 1 for IPv6; a withdrawal has the path 0. */
  readonly #chains = new Map<number, Chain>();
  #chain: Chain | undefined;

  /** @param addPath families whose prefixes get path identifiers (RFC 7911) */
  constructor(tables: BatchTables, to: readonly string[], addPath: readonly Family[] = []) {
    this.#tables = tables;
    this.to = to;
    this.#addPath = addPath;
  }

  withdraw(prefix: number, pathId = 0): void {
    this.announce(prefix, 0, pathId);
  }

  announce(prefix: number, path: number, pathId = 0): void {
    if (this.#size === this.#prefix.length) this.#grow();
    const item = this.#size++;
    this.#prefix[item] = prefix;
    this.#pathId[item] = pathId;
    this.#next[item] = -1;
    const family = this.#tables.prefixes.family(prefix);
    this.#room += family === 4 ? 9 : 21;
    const chain = this.#chainFor(path, family, item);
    if (chain.last !== item) this.#next[chain.last] = item;
    chain.last = item;
  }

  /** All that was added. */
  updates(): Update[] {
    const writer = new NlriWriter(this.#room);
    const chains = [...this.#chains.values()];
    const withdrawn = chains.filter(({ path }) => path === 0);
    return [...withdrawn, ...inFamily(chains, 4), ...inFamily(chains, 6)].map((chain) => {
      const nlri = this.#write(chain, writer);
      if (chain.path === 0) return { ...emptyUpdate, withdrawn: [nlri] };
      const { paths } = this.#tables;
      const attributes = paths.attributes(chain.path);
      return { ...emptyUpdate, announced: [{ nextHop: paths.nextHop(chain.path) ?? {}, nlri }], attributes };
    });
  }

  #chainFor(path: number, family: Family, item: number): Chain {
    if (this.#chain?.path === path && this.#chain.family === family) return this.#chain;
    const key = 2 * path + Number(family === 6);
    let chain = this.#chains.get(key);
    if (!chain) {
      chain = { path, family, first: item, last: item };
      this.#chains.set(key, chain);
    }
    this.#chain = chain;
    return chain;
  }

  #write({ family, first }: Chain, writer: NlriWriter): Nlri {
    const addPath = this.#addPath.includes(family);
    const start = writer.length;
    for (let item = first; item >= 0; item = this.#next[item] as number) {
      if (addPath) writer.u32(this.#pathId[item] as number);
      this.#tables.prefixes.write(this.#prefix[item] as number, writer);
    }
    return { family, addPath, octets: writer.since(start) };
  }

  #grow(): void {
    const length = 2 * this.#prefix.length;
    this.#prefix = grown(this.#prefix, length);
    this.#pathId = grown(this.#pathId, length);
    this.#next = grown(this.#next, length);
  }
}

function inFamily(chains: readonly Chain[], family: Family): Chain[] {
  return chains.filter((chain) => chain.path !== 0 && chain.family === family);
}
