import type { Family } from "../../net/address.ts";
import type { Nlri, Update } from "../wire/message.ts";
import type { Importer } from "./importer.ts";
import type { PathTable } from "./path-table.ts";
import type { PeerEntry } from "./peer-table.ts";
import type { PrefixTable } from "./prefix-table.ts";
import { RESTART_STALE, type RouteTable } from "./route-table.ts";

/** What the tables of a RIB are, each there once. */
export interface Tables {
  readonly prefixes: PrefixTable;
  readonly paths: PathTable;
  readonly routes: RouteTable;
}

/** What all peers told us (RFC 4271 §3.2), also what may not be used. It says which prefixes are to be decided about anew. */
export class AdjRibsIn {
  readonly #tables: Tables;
  readonly #importer: Importer;
  readonly #mark: (prefix: number) => void;

  constructor(tables: Tables, importer: Importer, mark: (prefix: number) => void) {
    this.#tables = tables;
    this.#importer = importer;
    this.#mark = mark;
  }

  /** Takes in an UPDATE. A prefix both withdrawn and announced is announced (RFC 4271 §4.3). */
  update(from: PeerEntry, { withdrawn, announced, attributes, endOfRib }: Update): void {
    for (const nlri of withdrawn) this.#withdraw(from, nlri);
    if (attributes) {
      for (const { nextHop, nlri } of announced) {
        const told = this.#tables.paths.intern({ attributes, nextHop });
        this.#announce(from, nlri, told);
        this.#tables.paths.release(told);
      }
    }
    if (endOfRib === undefined) return;
    from.complete.add(endOfRib);
    this.removeStale(from, endOfRib, RESTART_STALE);
  }

  /** The router itself has this path to a prefix. */
  originate(prefix: number, path: number): void {
    const { routes, paths } = this.#tables;
    const found = routes.find(prefix, 0, 0);
    const row = found >= 0 ? found : routes.add(prefix, 0, 0);
    paths.retain(path);
    paths.retain(path);
    if (found >= 0) this.#releasePaths(row);
    routes.told[row] = path;
    routes.used[row] = path;
    this.#mark(prefix);
  }

  /** The router itself has no path to a prefix any more. */
  withdraw(prefix: number): void {
    const row = this.#tables.routes.find(prefix, 0, 0);
    if (row < 0) return;
    this.#releasePaths(row);
    this.#tables.routes.remove(row);
    this.#mark(prefix);
  }

  /** Removes all routes of a peer, but makes those of the families in `keep` stale (RFC 4724 §4.2). */
  down(from: PeerEntry, keep: readonly Family[]): void {
    const { routes, prefixes } = this.#tables;
    if (from.received === 0) return;
    for (let row = 0; row < routes.limit; row++) {
      if (routes.peer[row] !== from.number || routes.told[row] === 0) continue;
      // What was stale when the session went away is not kept again (RFC 4724 §4.2).
      const isStale = ((routes.stale[row] as number) & RESTART_STALE) !== 0;
      const isKept = !isStale && keep.includes(prefixes.family(routes.prefix[row] as number));
      if (isKept) routes.stale[row] = RESTART_STALE;
      else this.#remove(from, row);
    }
  }

  /** What a peer has of a family is stale until it tells it again. */
  makeStale(from: PeerEntry, family: Family, flag: number): void {
    const { routes, prefixes } = this.#tables;
    for (const row of routes.of(from.number)) {
      if (prefixes.family(routes.prefix[row] as number) !== family) continue;
      routes.stale[row] = (routes.stale[row] as number) | flag;
    }
  }

  /** Removes what is stale of a family, or of all. */
  removeStale(from: PeerEntry, family: Family | undefined, flag: number): void {
    const { routes, prefixes } = this.#tables;
    if (from.received === 0) return;
    for (let row = 0; row < routes.limit; row++) {
      if (routes.peer[row] !== from.number || ((routes.stale[row] as number) & flag) === 0) continue;
      if (routes.told[row] === 0) continue;
      if (family === undefined || prefixes.family(routes.prefix[row] as number) === family) {
        this.#remove(from, row);
      }
    }
  }

  /** Imports a row anew, after its peer's policy has changed. */
  reimport(from: PeerEntry, row: number): void {
    const { routes, paths } = this.#tables;
    const prefix = routes.prefix[row] as number;
    const former = routes.used[row] as number;
    const used = this.#importer.import(prefix, routes.told[row] as number, from);
    routes.used[row] = used;
    from.accepted += Number(used > 0) - Number(former > 0);
    if (used !== former) this.#mark(prefix);
    paths.release(former);
  }

  #withdraw(from: PeerEntry, { family, addPath, octets }: Nlri): void {
    const { prefixes, routes } = this.#tables;
    for (let at = 0; at < octets.length; ) {
      let pathId = 0;
      if (addPath) {
        pathId = pathIdAt(octets, at);
        at += 4;
      }
      const length = octets[at++] as number;
      const prefix = prefixes.find(family, octets, { at, length });
      at += (length + 7) >>> 3;
      if (prefix < 0) continue;
      const row = routes.find(prefix, from.number, pathId);
      if (row >= 0) this.#remove(from, row);
    }
  }

  #announce(from: PeerEntry, { family, addPath, octets }: Nlri, told: number): void {
    const { prefixes } = this.#tables;
    for (let at = 0; at < octets.length; ) {
      let pathId = 0;
      if (addPath) {
        pathId = pathIdAt(octets, at);
        at += 4;
      }
      const length = octets[at++] as number;
      const prefix = prefixes.intern(family, octets, { at, length });
      at += (length + 7) >>> 3;
      this.#put(from, prefix, { pathId, told });
    }
  }

  /** Whatever the new path is worth, it takes the place of the old one (RFC 4271 §3.1). */
  #put(from: PeerEntry, prefix: number, { pathId, told }: { pathId: number; told: number }): void {
    const { routes, paths } = this.#tables;
    let row = routes.find(prefix, from.number, pathId);
    if (row < 0) {
      row = routes.add(prefix, from.number, pathId);
      from.received++;
    } else {
      routes.stale[row] = 0;
      if (routes.told[row] === told) return;
      if ((routes.used[row] as number) > 0) from.accepted--;
      this.#releasePaths(row);
    }
    const used = this.#importer.import(prefix, told, from);
    paths.retain(told);
    routes.told[row] = told;
    routes.used[row] = used;
    if (used > 0) from.accepted++;
    this.#mark(prefix);
  }

  #remove(from: PeerEntry, row: number): void {
    const { routes } = this.#tables;
    const prefix = routes.prefix[row] as number;
    from.received--;
    if ((routes.used[row] as number) > 0) from.accepted--;
    this.#releasePaths(row);
    routes.remove(row);
    this.#mark(prefix);
  }

  #releasePaths(row: number): void {
    const { routes, paths } = this.#tables;
    paths.release(routes.told[row] as number);
    paths.release(routes.used[row] as number);
  }
}

function pathIdAt(octets: Uint8Array, at: number): number {
  const [a, b, c, d] = [octets[at], octets[at + 1], octets[at + 2], octets[at + 3]];
  return (((a as number) << 24) | ((b as number) << 16) | ((c as number) << 8) | (d as number)) >>> 0;
}
