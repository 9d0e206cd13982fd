import { routerIdToNumber } from "../../net/address.ts";
import { asPathLength, localPrefOf, neighborAs, originRank } from "./decision.ts";
import { isExternal, type Local } from "./local.ts";
import { isSameAsPath } from "./path.ts";
import type { PathTable } from "./path-table.ts";
import type { PeerEntry, PeerTable } from "./peer-table.ts";
import type { RouteTable } from "./route-table.ts";

/**
 * The decision process over rows (RFC 4271 §9.1): the same rules as in `decide`, in the same order, on numbers and without
 * an object a route. A test holds the two together.
 */
export class Selection {
  readonly #local: Local;
  readonly #routes: RouteTable;
  readonly #paths: PathTable;
  readonly #peers: PeerTable;
  /** Those still in the race are the first `#count`. */
  #rows = new Int32Array(16);
  #keys = new Float64Array(16);
  #count = 0;

  constructor(local: Local, tables: { routes: RouteTable; paths: PathTable; peers: PeerTable }) {
    this.#local = local;
    this.#routes = tables.routes;
    this.#paths = tables.paths;
    this.#peers = tables.peers;
  }

  /** The row of the best route to a prefix, or -1 if none may be used. */
  best(prefix: number): number {
    const routes = this.#routes;
    const only = routes.first(prefix);
    if (only < 0) return -1;
    if (routes.next(only) < 0) return (routes.used[only] as number) > 0 ? only : -1;
    this.#gather(prefix);
    this.#thinOutEqual();
    this.#break();
    return this.#count > 0 ? (this.#rows[0] as number) : -1;
  }

  /** Whether more than one route to a prefix may be used. */
  get isMultipath(): boolean {
    return this.#local.multipath.maximumPaths > 1;
  }

  /** All rows that are used for a prefix, the best one, which `best` has given, first. */
  equals(prefix: number, best: number): readonly number[] {
    const { maximumPaths } = this.#local.multipath;
    const chosen = [best];
    const isLonely = this.#routes.next(this.#routes.first(prefix)) < 0;
    if (maximumPaths < 2 || isLonely || this.#routes.peer[best] === 0 || this.#isDropped(best)) return chosen;
    this.#gather(prefix);
    this.#thinOutEqual();
    const others = Array.from(this.#rows.subarray(0, this.#count)).filter((row) => row !== best);
    others.sort((a, b) => this.#order(a, b));
    for (const row of others) {
      if (chosen.length === maximumPaths) break;
      if (this.#isAlongside(best, row) && chosen.every((each) => !this.#isSameWay(each, row)))
        chosen.push(row);
    }
    return chosen;
  }

  /** Whether packets to the prefix of a path are to be dropped (RFC 7999). */
  isBlackhole({ path, peer }: { path: number; peer: number }): boolean {
    return peer !== 0 && this.#paths.nextHop(path) === undefined;
  }

  #gather(prefix: number): void {
    const routes = this.#routes;
    this.#count = 0;
    for (let row = routes.first(prefix); row >= 0; row = routes.next(row)) {
      if ((routes.used[row] as number) <= 0) continue;
      if (this.#count === this.#rows.length) this.#grow();
      this.#rows[this.#count++] = row;
    }
  }

  /** The rules that all routes of a multipath have in common. */
  #thinOutEqual(): void {
    if (this.#count > 1) this.#keepLeast((row) => Number(this.#routes.peer[row] !== 0));
    if (this.#count > 1) this.#keepLeast((row) => -localPrefOf(this.#attributes(row)));
    if (this.#count > 1) this.#keepLeast((row) => asPathLength(this.#attributes(row).asPath));
    if (this.#count > 1) this.#keepLeast((row) => originRank[this.#attributes(row).origin]);
    if (this.#count > 1) this.#dropHigherMed();
    if (this.#count > 1) this.#keepLeast((row) => Number(!this.#isExternal(row)));
  }

  #break(): void {
    for (let index = 1; index < this.#count; index++) {
      const [first, row] = [this.#rows[0] as number, this.#rows[index] as number];
      if (this.#order(row, first) < 0) this.#rows[0] = row;
    }
  }

  /** Below 0 if `a` is preferred where all else is equal (RFC 4271 §9.1.2.2 f and g, RFC 4456 §9). */
  #order(a: number, b: number): number {
    const [one, other] = [this.#rank(a), this.#rank(b)];
    return (
      this.#routerId(a) - this.#routerId(b) ||
      (this.#attributes(a).clusterList?.length ?? 0) - (this.#attributes(b).clusterList?.length ?? 0) ||
      ordered(one.address, other.address) ||
      ordered(one.ifname, other.ifname) ||
      (this.#routes.pathId[a] as number) - (this.#routes.pathId[b] as number)
    );
  }

  #keepLeast(key: (row: number) => number): void {
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.#count; index++) {
      const value = key(this.#rows[index] as number);
      this.#keys[index] = value;
      if (value < least) least = value;
    }
    this.#keep((index) => this.#keys[index] === least);
  }

  /** A route goes if another of the same neighbor AS has a lower MED (RFC 4271 §9.1.2.2 c). */
  #dropHigherMed(): void {
    const lowest = new Map<number, number>();
    for (let index = 0; index < this.#count; index++) {
      const row = this.#rows[index] as number;
      const as = this.#neighborAs(row);
      lowest.set(as, Math.min(this.#med(row), lowest.get(as) ?? Number.POSITIVE_INFINITY));
    }
    this.#keep((index) => {
      const row = this.#rows[index] as number;
      return this.#med(row) === lowest.get(this.#neighborAs(row));
    });
  }

  #keep(isKept: (index: number) => boolean): void {
    let kept = 0;
    for (let index = 0; index < this.#count; index++) {
      if (isKept(index)) this.#rows[kept++] = this.#rows[index] as number;
    }
    this.#count = kept;
  }

  #isAlongside(best: number, row: number): boolean {
    if (this.#isDropped(row)) return false;
    const [a, b] = [this.#attributes(best).asPath, this.#attributes(row).asPath];
    return this.#local.multipath.asPathRelax || isSameAsPath(a, b);
  }

  #isDropped(row: number): boolean {
    return this.isBlackhole({
      path: this.#routes.used[row] as number,
      peer: this.#routes.peer[row] as number,
    });
  }

  #isSameWay(a: number, b: number): boolean {
    const { used } = this.#routes;
    const [one, other] = [used[a] as number, used[b] as number];
    return (
      this.#entry(a)?.peer.ifname === this.#entry(b)?.peer.ifname &&
      this.#paths.nextHop(one)?.linkLocal === this.#paths.nextHop(other)?.linkLocal
    );
  }

  #attributes(row: number) {
    return this.#paths.attributes(this.#routes.used[row] as number);
  }

  #entry(row: number): PeerEntry | undefined {
    return this.#peers.numbered(this.#routes.peer[row] as number);
  }

  #rank(row: number) {
    return this.#entry(row)?.rank ?? ownRank;
  }

  #routerId(row: number): number {
    const { originatorId } = this.#attributes(row);
    return originatorId === undefined ? this.#rank(row).routerId : routerIdToNumber(originatorId);
  }

  #med(row: number): number {
    return this.#attributes(row).med ?? 0;
  }

  #neighborAs(row: number): number {
    return neighborAs({ peer: this.#entry(row)?.peer, attributes: this.#attributes(row) }, this.#local);
  }

  #isExternal(row: number): boolean {
    const entry = this.#entry(row);
    return entry !== undefined && isExternal(entry.peer, this.#local);
  }

  #grow(): void {
    const longer = new Int32Array(2 * this.#rows.length);
    longer.set(this.#rows);
    this.#rows = longer;
    this.#keys = new Float64Array(longer.length);
  }
}

const ownRank = { routerId: 0, address: "", ifname: "" };

function ordered(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
