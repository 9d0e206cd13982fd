import { grown } from "./growth.ts";
import type { PathTable } from "./path-table.ts";
import type { PeerTable } from "./peer-table.ts";
import type { BestChange, Via } from "./route.ts";
import type { RouteTable } from "./route-table.ts";
import type { Selection } from "./selection.ts";
import { ViaTable } from "./via-table.ts";

/** A route that is used, by the numbers of its path as imported and of its peer. */
export interface Used {
  readonly path: number;
  readonly peer: number;
}

interface Tables {
  readonly routes: RouteTable;
  readonly paths: PathTable;
  readonly peers: PeerTable;
}

/** The best route to each prefix (RFC 4271 §3.2), and those that are used beside it. */
export class LocRib {
  readonly #selection: Selection;
  readonly #tables: Tables;
  readonly #vias: ViaTable;
  #path = new Int32Array(0);
  #peer = new Uint16Array(0);
  /** All that is used where it is more than one. */
  readonly #multipath = new Map<number, readonly Used[]>();
  #size = 0;

  constructor(selection: Selection, tables: Tables) {
    this.#selection = selection;
    this.#tables = tables;
    this.#vias = new ViaTable(tables);
  }

  /** How many prefixes have a best route. */
  get size(): number {
    return this.#size;
  }

  /** Makes room for all prefixes below. */
  fit(capacity: number): void {
    this.#path = grown(this.#path, capacity);
    this.#peer = grown(this.#peer, capacity);
  }

  /** The path of the best route; 0 if there is none. */
  path(prefix: number): number {
    return this.#path[prefix] ?? 0;
  }

  /** The peer of the best route; 0 for what is originated here, or if there is none. */
  peer(prefix: number): number {
    return this.#peer[prefix] ?? 0;
  }

  /** All routes that are used, the best first. */
  used(prefix: number): readonly Used[] {
    const path = this.path(prefix);
    if (path === 0) return [];
    return this.#multipath.get(prefix) ?? [{ path, peer: this.peer(prefix) }];
  }

  /** Decides anew about a prefix; undefined if the same routes are used as before. */
  decide(prefix: number): "best" | "multipath" | undefined {
    const { routes } = this.#tables;
    const best = this.#selection.best(prefix);
    const path = best < 0 ? 0 : (routes.used[best] as number);
    const peer = best < 0 ? 0 : (routes.peer[best] as number);
    const mayBeMore = this.#selection.isMultipath || this.#multipath.size > 0;
    const isOther = mayBeMore && this.#others(prefix, best);
    if (path === this.#path[prefix] && peer === this.#peer[prefix]) return isOther ? "multipath" : undefined;
    this.#replace(prefix, path, peer);
    return "best";
  }

  /** What is used now, for whoever forwards packets. */
  change(prefix: number, family: BestChange["family"]): BestChange {
    const path = this.path(prefix);
    const peer = this.peer(prefix);
    if (path === 0) return { id: prefix, family, via: nowhere, type: "none" };
    if (peer === 0) return { id: prefix, family, via: nowhere, type: "local" };
    if (this.#selection.isBlackhole({ path, peer }))
      return { id: prefix, family, via: nowhere, type: "blackhole" };
    const several = this.#multipath.get(prefix);
    const via = several ? this.#vias.several(several) : this.#vias.one(path, peer);
    return { id: prefix, family, via, type: "forward" };
  }

  #replace(prefix: number, path: number, peer: number): void {
    const { paths, peers } = this.#tables;
    const former = this.#path[prefix] as number;
    const formerly = peers.numbered(this.#peer[prefix] as number);
    const now = peers.numbered(peer);
    if (formerly && former !== 0) formerly.chosen--;
    if (now && path !== 0) now.chosen++;
    paths.retain(path);
    paths.release(former);
    this.#size += Number(path !== 0) - Number(former !== 0);
    this.#path[prefix] = path;
    this.#peer[prefix] = peer;
  }

  /** Whether the routes beside the best one are others now. */
  #others(prefix: number, best: number): boolean {
    const { routes, paths } = this.#tables;
    const former = this.#multipath.get(prefix);
    const rows = best < 0 ? [] : this.#selection.equals(prefix, best);
    if (rows.length < 2 && !former) return false;
    const now = rows.map((row) => ({ path: routes.used[row] as number, peer: routes.peer[row] as number }));
    if (former && isSameUse(former, now)) return false;
    if (now.length > 1) this.#multipath.set(prefix, now);
    else this.#multipath.delete(prefix);
    if (now.length > 1) for (const { path } of now) paths.retain(path);
    for (const { path } of former ?? []) paths.release(path);
    return true;
  }
}

const nowhere: readonly Via[] = [];

function isSameUse(a: readonly Used[], b: readonly Used[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ path, peer }, index) => path === b[index]?.path && peer === b[index]?.peer);
}
