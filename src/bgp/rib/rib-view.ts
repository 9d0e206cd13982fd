import type { Prefix } from "../../net/prefix.ts";
import type { AdjRibsOut } from "./adj-ribs-out.ts";
import { decide, losers } from "./decision.ts";
import type { Importer } from "./importer.ts";
import type { LocRib, Used } from "./loc-rib.ts";
import type { Local } from "./local.ts";
import type { PathTable } from "./path-table.ts";
import type { PeerEntry, PeerTable } from "./peer-table.ts";
import type { PrefixTable } from "./prefix-table.ts";
import type { Route } from "./route.ts";
import type { RouteTable } from "./route-table.ts";

/** What is used for a prefix. */
export interface BestRoute {
  readonly route: Route;
  /** All that are used, the best first. */
  readonly used: readonly Route[];
  /** The last rule of the decision process that took out another route, or `"only route"`. */
  readonly decidedBy: string;
}

/** A route that a peer told us, or that is originated here, and what became of it. */
export interface CandidateRoute extends Route {
  readonly usable: boolean;
  /** By which rule it is the best or lost, or why it may not be used. */
  readonly why: string;
  /** Its peer has not told it again since it went away, or since it began to tell all again. */
  readonly stale: boolean;
}

/** All that a view reads from. */
export interface ViewTables {
  readonly prefixes: PrefixTable;
  readonly paths: PathTable;
  readonly routes: RouteTable;
  readonly peers: PeerTable;
}

/** The tables of a RIB as objects and text, made when somebody looks. */
export class RibView {
  readonly #local: Local;
  readonly #tables: ViewTables;
  readonly #locRib: LocRib;
  readonly #importer: Importer;

  constructor(tables: ViewTables, parts: { local: Local; locRib: LocRib; importer: Importer }) {
    this.#tables = tables;
    this.#local = parts.local;
    this.#locRib = parts.locRib;
    this.#importer = parts.importer;
  }

  /** The Loc-RIB. */
  *best(): Iterable<BestRoute> {
    for (let id = 0; id < this.#tables.prefixes.limit; id++) {
      const best = this.#bestOf(id);
      if (best) yield best;
    }
  }

  bestOf(prefix: Prefix): BestRoute | undefined {
    const id = this.#tables.prefixes.findText(prefix);
    return id < 0 ? undefined : this.#bestOf(id);
  }

  /** What is originated here first, then by peer. */
  candidates(prefix: Prefix): readonly CandidateRoute[] {
    const id = this.#tables.prefixes.findText(prefix);
    return id < 0 ? [] : this.#candidates(id, "used");
  }

  /** What a peer told, as it came. */
  *received({ number }: PeerEntry): Iterable<CandidateRoute> {
    const { routes } = this.#tables;
    for (const row of routes.of(number)) {
      const all = this.#candidates(routes.prefix[row] as number, "told");
      const pathId = routes.pathId[row];
      const route = all.find((each) => each.peer === this.#peer(number) && each.pathId === pathId);
      if (route) yield route;
    }
  }

  /** What a peer was told. */
  *advertised(entry: PeerEntry, out: AdjRibsOut): Iterable<Route> {
    const { prefixes, paths } = this.#tables;
    for (let id = 0; id < prefixes.limit; id++) {
      for (const { path, pathId, from } of out.knownTo(entry, id)) {
        const { attributes, nextHop = { linkLocal: entry.peer.localAddress } } = paths.path(path);
        yield { prefix: prefixes.format(id), attributes, nextHop, peer: this.#peer(from), pathId };
      }
    }
  }

  #bestOf(id: number): BestRoute | undefined {
    const used = this.#locRib.used(id).map((each) => this.#usedRoute(id, each));
    const [route] = used;
    const decidedBy = decide(this.#usable(id), this.#local)?.decidedBy ?? "only route";
    return route && { route, used, decidedBy };
  }

  #candidates(id: number, column: "used" | "told"): readonly CandidateRoute[] {
    const { routes } = this.#tables;
    const usable = this.#usable(id);
    const lostBy = losers(usable, this.#local);
    const decidedBy = [...lostBy.values()].at(-1) ?? "only route";
    let index = 0;
    return this.#rows(id).map((row) => {
      const used = routes.used[row] as number;
      const path = column === "told" || used <= 0 ? (routes.told[row] as number) : used;
      const route = this.#route(row, path);
      const stale = routes.stale[row] !== 0;
      if (used <= 0) return { ...route, usable: false, why: this.#importer.reason(used), stale };
      const candidate = usable[index++] as Route;
      return { ...route, usable: true, why: lostBy.get(candidate) ?? decidedBy, stale };
    });
  }

  /** In the order of `#rows`. */
  #usable(id: number): Route[] {
    const { used } = this.#tables.routes;
    const rows = this.#rows(id).filter((row) => (used[row] as number) > 0);
    return rows.map((row) => this.#route(row, used[row] as number));
  }

  #rows(id: number): number[] {
    const { routes } = this.#tables;
    const rows: number[] = [];
    for (let row = routes.first(id); row >= 0; row = routes.next(row)) rows.push(row);
    const { peer, pathId } = routes;
    return rows.sort(
      (a, b) => (peer[a] as number) - (peer[b] as number) || (pathId[a] as number) - (pathId[b] as number),
    );
  }

  #route(row: number, path: number): Route {
    const { routes, prefixes, paths } = this.#tables;
    return {
      prefix: prefixes.format(routes.prefix[row] as number),
      ...paths.path(path),
      peer: this.#peer(routes.peer[row] as number),
      pathId: routes.pathId[row] as number,
    };
  }

  /** The row may be another by now. */
  #usedRoute(id: number, { path, peer }: Used): Route {
    const { routes, prefixes, paths } = this.#tables;
    const row = this.#rows(id).find((each) => routes.peer[each] === peer && routes.used[each] === path);
    const pathId = row === undefined ? 0 : (routes.pathId[row] as number);
    return { prefix: prefixes.format(id), ...paths.path(path), peer: this.#peer(peer), pathId };
  }

  #peer(number: number) {
    return this.#tables.peers.numbered(number)?.peer;
  }
}
