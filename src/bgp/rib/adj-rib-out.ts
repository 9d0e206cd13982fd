import { afi, type Family } from "../../net/address.ts";
import { type Prefix, prefixFamily } from "../../net/prefix.ts";
import { type PathAttributes, type RouteRefresh, refreshSubtypes, type Update } from "../wire/message.ts";
import type { AttributePool } from "./attribute-pool.ts";
import { announcedNextHop, exportRoute } from "./export.ts";
import type { Local } from "./local.ts";
import type { BestChange, Peer, PeerPolicy, Route, RoutingMessage } from "./route.ts";
import { endOfRib, UpdateBatch } from "./update-batch.ts";

/** What one peer was told (RFC 4271 §3.2). The next hop is the same for all of a family, so only the attributes are kept. */
export class AdjRibOut {
  #peer: Peer;
  readonly #local: Local;
  readonly #pool: AttributePool;
  readonly #advertised = new Map<Prefix, PathAttributes>();
  /** Told with a next hop that is another by now. */
  readonly #outdated = new Set<Prefix>();

  constructor(peer: Peer, context: { local: Local; pool: AttributePool }) {
    this.#peer = peer;
    this.#local = context.local;
    this.#pool = context.pool;
  }

  /** How many prefixes the peer knows from us. */
  get size(): number {
    return this.#advertised.size;
  }

  /** From now on this is done to what the peer is told; it hears of it when it follows. */
  setPolicy(policy: PeerPolicy): void {
    const before = this.#peer;
    this.#peer = { ...before, policy };
    for (const prefix of this.#advertised.keys()) {
      if (!isSameNextHop(before, this.#peer, prefixFamily(prefix))) this.#outdated.add(prefix);
    }
  }

  /** Follows the Loc-RIB: the UPDATEs that bring the peer up to date, none for what it knows already. */
  follow(changes: Iterable<BestChange>): Update[] {
    const batch = new UpdateBatch();
    for (const { prefix, best } of changes) {
      const attributes = best && this.#export(best.route);
      const outdated = this.#outdated.delete(prefix);
      if (attributes === this.#advertised.get(prefix) && !outdated) continue;
      if (attributes) {
        this.#advertised.set(prefix, attributes);
        batch.announce(prefix, attributes);
      } else {
        this.#advertised.delete(prefix);
        batch.withdraw(prefix);
      }
    }
    return batch.updates((family) => announcedNextHop(this.#peer, family));
  }

  /**
   * All of one family again, between marks if the peer knows them, else with an End-of-RIB behind it (RFC 7313 §4);
   * nothing if the session does not have that family (RFC 2918 §4).
   */
  replay(family: Family): RoutingMessage[] {
    const { families, enhancedRouteRefresh } = this.#peer;
    if (!families.includes(family)) return [];
    const batch = new UpdateBatch();
    for (const [prefix, attributes] of this.#advertised) {
      if (prefixFamily(prefix) === family) batch.announce(prefix, attributes);
    }
    const updates = batch.updates(() => announcedNextHop(this.#peer, family));
    if (!enhancedRouteRefresh) return [...updates, endOfRib(family)];
    return [mark(family, "begin"), ...updates, mark(family, "end")];
  }

  #export(route: Route): PathAttributes | undefined {
    const exported = exportRoute(route, this.#peer, this.#local);
    return exported && this.#pool.intern(exported.attributes);
  }
}

function isSameNextHop(a: Peer, b: Peer, family: Family): boolean {
  const [before, now] = [announcedNextHop(a, family), announcedNextHop(b, family)];
  return before.linkLocal === now.linkLocal && before.global === now.global;
}

const UNICAST = 1;

function mark(family: Family, subtype: keyof typeof refreshSubtypes): RouteRefresh {
  return { type: "routeRefresh", afi: afi(family), subtype: refreshSubtypes[subtype], safi: UNICAST };
}
