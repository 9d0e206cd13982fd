import { Rib } from "../../../src/bgp/rib/rib.ts";
import { openPolicy, type Peer, type RoutingMessage } from "../../../src/bgp/rib/route.ts";
import type { Update } from "../../../src/bgp/wire/message.ts";
import { type Address, routerIdFromNumber } from "../../../src/net/address.ts";
import { type Asn, asn } from "../../../src/net/asn.ts";
import { type Prefix, prefix } from "../../../src/net/prefix.ts";

interface Session {
  readonly router: number;
  readonly ifname: string;
}

/** RIBs that send each other their UPDATEs, in order on each session, with no time between. */
export class Network {
  readonly #asns: readonly Asn[];
  readonly #ribs: readonly Rib[];
  /** By session: the other end. A session that is not here is down. */
  readonly #sessions = new Map<string, Session>();
  #inFlight: { readonly to: Session; readonly message: Update }[] = [];

  /** Router n, from 0, has its ASN from the list, and originates 10.n.0.0/16. */
  constructor(asns: readonly number[]) {
    this.#asns = asns.map(asn);
    this.#ribs = this.#asns.map((each, n) => newRib(each, n));
    for (const n of asns.keys()) this.#happen(n, (rib) => rib.originate(Network.prefixOf(n)));
  }

  static prefixOf(router: number): Prefix {
    return prefix(`10.${router}.0.0/16`);
  }

  rib(router: number): Rib {
    const rib = this.#ribs[router];
    if (!rib) throw new RangeError(`there is no router ${router}`);
    return rib;
  }

  connect(a: number, b: number): void {
    this.#sessions.set(key(a, `to-${b}`), { router: b, ifname: `to-${a}` });
    this.#sessions.set(key(b, `to-${a}`), { router: a, ifname: `to-${b}` });
    this.#up(a, b);
    this.#up(b, a);
  }

  /** What is in flight between the two is lost. */
  disconnect(a: number, b: number): void {
    this.#sessions.delete(key(a, `to-${b}`));
    this.#sessions.delete(key(b, `to-${a}`));
    this.#inFlight = this.#inFlight.filter(({ to }) => this.#sessions.has(key(to.router, to.ifname)));
    this.#happen(a, (rib) => rib.peerDown(`to-${b}`));
    this.#happen(b, (rib) => rib.peerDown(`to-${a}`));
  }

  /** Delivers until nothing is in flight. @throws {Error} if that does not come within `limit` UPDATEs */
  settle(limit = 10_000): void {
    for (let delivered = 0; delivered < limit; delivered++) {
      const next = this.#inFlight.shift();
      if (!next) return;
      const { to, message } = next;
      this.#happen(to.router, (rib) => void rib.update(to.ifname, message));
    }
    throw new Error(`still not quiet after ${limit} UPDATEs`);
  }

  /** The routers that a packet passes on its way to the prefix of another, both ends included; undefined if it is lost. */
  trace(from: number, to: number): readonly number[] | undefined {
    const path = [from];
    for (let at = from; path.length <= this.#ribs.length; ) {
      const best = this.rib(at).bestOf(Network.prefixOf(to));
      if (best && !best.route.peer) return path;
      const next = best && this.#sessions.get(key(at, best.route.peer?.ifname ?? ""));
      if (!next) return undefined;
      at = next.router;
      path.push(at);
    }
    return undefined;
  }

  #up(router: number, other: number): void {
    const peer: Peer = {
      session: `to-${other}`,
      ifname: `to-${other}`,
      asn: this.#asns[other] as Asn,
      routerId: routerIdFromNumber(other + 1),
      address: linkLocalOf(other),
      localAddress: linkLocalOf(router),
      families: [4, 6],
      extendedNextHop: true,
      enhancedRouteRefresh: false,
      addPathSend: [],
      gracefulRestart: undefined,
      role: null,
      encodingKey: "",
      policy: openPolicy,
    };
    this.#happen(router, (rib) => rib.peerUp(peer));
  }

  /** Something happens at a router, and what follows from it is on its way. */
  #happen(router: number, event: (rib: Rib) => void): void {
    const rib = this.rib(router);
    event(rib);
    while (rib.busy) {
      for (const { to, messages } of rib.settle(2).advertisements) {
        for (const ifname of to) this.#send({ router, ifname }, messages);
      }
    }
  }

  #send(from: Session, messages: readonly RoutingMessage[]): void {
    const to = this.#sessions.get(key(from.router, from.ifname));
    if (!to) throw new Error(`router ${from.router} sends on ${from.ifname}, which is down`);
    for (const message of messages) {
      if (message.type === "update") this.#inFlight.push({ to, message: withNextHop(message, from.router) });
    }
  }
}

function newRib(asn: Asn, n: number): Rib {
  const routerId = routerIdFromNumber(n + 1);
  const multipath = { maximumPaths: 1, asPathRelax: false };
  return new Rib({ asn, routerId, clusterId: routerId, multipath });
}

/** What the session of the sender would put in. */
function withNextHop(update: Update, router: number): Update {
  const nextHop = { linkLocal: linkLocalOf(router) };
  return { ...update, announced: update.announced.map(({ nlri }) => ({ nextHop, nlri })) };
}

function key(router: number, ifname: string): string {
  return `${router} ${ifname}`;
}

function linkLocalOf(router: number): Address {
  return `fe80::${(router + 1).toString(16)}` as Address;
}
