import type { Prefix } from "../../net/prefix.ts";
import type { RouterConfig } from "../config/config.ts";
import { type RouteDetail, type RouteQuery, routeAttributes } from "../control/route-detail.ts";
import type { RouteStatus } from "../control/status.ts";
import { hasCommunity } from "../rib/communities.ts";
import type { BestRoute, CandidateRoute } from "../rib/rib-view.ts";
import type { Route } from "../rib/route.ts";
import { formatAsPath } from "../wire/as-path.ts";
import type { Routing } from "./routing.ts";

/** Tells of routes, in words, one at a time and only to those who ask. */
export class RouteReport {
  readonly #config: Pick<RouterConfig, "name" | "install">;
  readonly #routing: Routing;

  constructor(config: Pick<RouterConfig, "name" | "install">, routing: Routing) {
    this.#config = config;
    this.#routing = routing;
  }

  best(): RouteStatus[] {
    return Array.from(this.#routing.rib.best(), (best) => this.status(best));
  }

  status({ route, used, decidedBy }: BestRoute): RouteStatus {
    const { prefix, peer, nextHop, attributes } = route;
    return {
      router: this.#config.name,
      prefix,
      via: peer?.ifname ?? null,
      nextHop: nextHop?.linkLocal ?? nextHop?.global ?? null,
      session: peer?.session ?? null,
      nextHops: dropsPackets(route)
        ? []
        : used.flatMap(({ peer, nextHop }) => {
            const address = nextHop?.linkLocal ?? nextHop?.global;
            return peer && address ? [{ via: peer.ifname, nextHop: address }] : [];
          }),
      asPath: formatAsPath(attributes.asPath),
      decidedBy,
      kernel: this.#kernel(route),
    };
  }

  /** @returns undefined if there is no such peer */
  details(query: RouteQuery): Iterable<RouteDetail> {
    const { table, session, prefix } = query;
    if (table === "locRib" || session === null) return this.#candidates(prefix);
    const details = table === "adjRibIn" ? this.#received(session) : this.#advertised(session);
    return prefix === null ? details : only(prefix, details);
  }

  *#candidates(prefix: Prefix | null): Generator<RouteDetail> {
    const { rib } = this.#routing;
    const all = prefix === null ? prefixesOf(rib.best()) : [prefix];
    for (const each of all) {
      const used = rib.bestOf(each)?.used ?? [];
      const details = rib.candidates(each).map((candidate) => this.#candidate(candidate, used));
      yield* details.sort((a, b) => ranks.indexOf(a.state) - ranks.indexOf(b.state));
    }
  }

  #candidate(route: CandidateRoute, used: readonly Route[]): RouteDetail {
    const rank = used.findIndex(
      ({ peer, pathId }) => peer?.session === route.peer?.session && pathId === route.pathId,
    );
    const state = rank === 0 ? "best" : rank > 0 ? "used" : route.usable ? "candidate" : "unusable";
    const { stale, why } = route;
    return { ...describe(route), state, stale, why, kernel: state === "best" ? this.#kernel(route) : null };
  }

  *#received(session: string): Generator<RouteDetail> {
    const { rib } = this.#routing;
    for (const route of rib.received(session)) {
      const used = route.usable ? (rib.bestOf(route.prefix)?.used ?? []) : [];
      yield this.#candidate(route, used);
    }
  }

  *#advertised(session: string): Generator<RouteDetail> {
    for (const route of this.#routing.rib.advertised(session)) {
      yield { ...describe(route), peer: null, state: "told", stale: false, why: "", kernel: null };
    }
  }

  /** What the kernel made of a route that is used. */
  #kernel({ peer, prefix }: Route): string {
    if (!peer) return "connected";
    return this.#config.install ? (this.#routing.forwarding.refusal(prefix) ?? "installed") : "kept out";
  }
}

/** RFC 7999, where the peer may say so. */
const dropsPackets = ({ peer, attributes }: Route): boolean =>
  peer?.policy.blackhole === true && hasCommunity(attributes, "blackhole");

/** The best first. */
const ranks: readonly RouteDetail["state"][] = ["best", "used", "candidate", "unusable", "told"];

function* prefixesOf(routes: Iterable<BestRoute>): Generator<Prefix> {
  for (const { route } of routes) yield route.prefix;
}

function* only(prefix: Prefix, details: Iterable<RouteDetail>): Generator<RouteDetail> {
  for (const detail of details) if (detail.prefix === prefix) yield detail;
}

function describe({ prefix, attributes, nextHop, peer, pathId }: Route) {
  const { global = null, linkLocal = null } = nextHop ?? {};
  return {
    prefix,
    attributes: routeAttributes(attributes),
    nextHop: nextHop ? { global, linkLocal } : null,
    peer: peer ? { session: peer.session, ifname: peer.ifname, asn: peer.asn, address: peer.address } : null,
    pathId,
  };
}
