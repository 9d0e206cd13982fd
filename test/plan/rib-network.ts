import type { RouterConfig, SessionConfig } from "../../src/bgp/config/config.ts";
import { Rib } from "../../src/bgp/rib/rib.ts";
import type { PeerPolicy, RoutingMessage } from "../../src/bgp/rib/route.ts";
import { type Endpoint, formatEndpoint } from "../../src/net/endpoint.ts";
import { compile } from "../../src/plan/compile.ts";
import type { LinkEndPlan } from "../../src/plan/plan.ts";
import type { Random } from "../../src/std/random.ts";
import type { Topology } from "../../src/topology/topology.ts";

interface Session {
  readonly near: LinkEndPlan;
  readonly far: LinkEndPlan;
  readonly config: SessionConfig;
  isUp: boolean;
  readonly inbox: RoutingMessage[];
}

/** The real RIBs of a topology's routers, with sessions that come up and deliver in any order; each one in its own. */
export class RibNetwork {
  readonly #routers: ReadonlyMap<string, RouterConfig>;
  readonly #ribs: ReadonlyMap<string, Rib>;
  /** By the end that hears. */
  readonly #sessions = new Map<string, Session>();

  constructor(topology: Topology) {
    // With nothing to originate, nothing is expected, and no way of a prefix can be left open.
    const silent = topology.routers.map((router) => ({ ...router, originate: [] }));
    const { nodes, links } = compile(
      { ...topology, routers: silent },
      { netnsDirectory: "", runDirectory: "" },
    );
    this.#routers = new Map(nodes.map(({ router }) => [router.name, router]));
    this.#ribs = new Map(
      nodes.map(({ router }) => [
        router.name,
        new Rib({ ...router, clusterId: router.clusterId ?? router.routerId }),
      ]),
    );
    for (const { ends } of links) {
      for (const [near, far] of [ends, [...ends].reverse()] as [LinkEndPlan, LinkEndPlan][]) {
        const { sessions = [] } = this.#routers.get(near.router) ?? {};
        const config = sessions.find(({ ifname }) => ifname === near.ifname);
        if (config) this.#sessions.set(formatEndpoint(near), { near, far, config, isUp: false, inbox: [] });
      }
    }
    for (const { name, originate } of topology.routers) {
      for (const prefix of originate) this.#rib(name).originate(prefix);
      this.#carryOut(name);
    }
  }

  /**
   * Lets one thing after the other happen until there is nothing more.
   *
   * @param random which of all that is due is next
   * @returns whether that came within `limit` steps
   */
  settle(random: Random, limit: number): boolean {
    for (let step = 0; step < limit; step++) {
      const due = [...this.#sessions.values()].filter(({ isUp, inbox }) => !isUp || inbox.length > 0);
      const session = due[random.below(due.length)];
      if (!session) return true;
      if (session.isUp) this.#deliver(session);
      else this.#up(session);
    }
    return false;
  }

  /** `router prefix via` of all best routes, in order. */
  get ways(): string[] {
    const all = Array.from(this.#ribs, ([name, rib]) =>
      Array.from(rib.best(), ({ route, used }) => {
        const ifnames = used.map(({ peer }) => peer?.ifname ?? "null");
        return `${name} ${route.prefix} ${ifnames.join(" ")}`;
      }),
    );
    return all.flat().sort();
  }

  #deliver({ near, inbox }: Session): void {
    const message = inbox.shift();
    if (message?.type !== "update") throw new Error("nobody asks for a refresh here");
    this.#rib(near.router).update(near.ifname, message);
    this.#carryOut(near.router);
  }

  #up(session: Session): void {
    const other = this.#sessions.get(formatEndpoint(session.far));
    for (const each of [session, other]) {
      if (!each) continue;
      each.isUp = true;
      const { near, far, config } = each;
      const peer = this.#routers.get(far.router);
      if (!peer) throw new Error(`there is no router ${far.router}`);
      const external = this.#routers.get(near.router)?.asn !== peer.asn;
      this.#rib(near.router).peerUp({
        session: near.ifname,
        ifname: near.ifname,
        asn: peer.asn,
        routerId: peer.routerId,
        address: far.linkLocal,
        localAddress: near.linkLocal,
        families: [4, 6],
        extendedNextHop: true,
        enhancedRouteRefresh: false,
        addPathSend: tells(config) && hears(this.#configAt(far)) ? [4, 6] : [],
        gracefulRestart: undefined,
        role: external && this.#configAt(far).role !== null ? config.role : null,
        encodingKey: "",
        policy: policyOf(config, this.#routers.get(near.router)?.policies ?? {}),
      });
      this.#carryOut(near.router);
    }
  }

  #carryOut(router: string): void {
    const rib = this.#rib(router);
    while (rib.busy) {
      for (const { to, messages } of rib.settle(1000).advertisements) {
        for (const ifname of to) this.#send({ router, ifname }, messages);
      }
    }
  }

  #send(from: Endpoint, messages: readonly RoutingMessage[]): void {
    const session = this.#sessions.get(formatEndpoint(from));
    const other = session && this.#sessions.get(formatEndpoint(session.far));
    if (!other) throw new Error(`${formatEndpoint(from)} leads nowhere`);
    other.inbox.push(...messages.map((message) => withNextHop(message, session.near.linkLocal)));
  }

  #configAt(end: Endpoint): SessionConfig {
    const session = this.#sessions.get(formatEndpoint(end));
    if (!session) throw new Error(`there is no session ${formatEndpoint(end)}`);
    return session.config;
  }

  #rib(router: string): Rib {
    const rib = this.#ribs.get(router);
    if (!rib) throw new Error(`there is no router ${router}`);
    return rib;
  }
}

function policyOf(session: SessionConfig, policies: RouterConfig["policies"]): PeerPolicy {
  const { importPrefixes, exportPrefixes, importPolicy, exportPolicy, ...policy } = session;
  const named = (name: string | null) => (name === null ? null : { name, rules: policies[name] ?? [] });
  return {
    ...policy,
    importPrefixes: importPrefixes && new Set(importPrefixes),
    exportPrefixes: exportPrefixes && new Set(exportPrefixes),
    import: named(importPolicy),
    export: named(exportPolicy),
  };
}

const tells = ({ addPath }: SessionConfig) => addPath === "send" || addPath === "both";
const hears = ({ addPath }: SessionConfig) => addPath === "receive" || addPath === "both";

/** What stands for the sender's own address on the session is put in, as whoever sends does. */
function withNextHop(message: RoutingMessage, linkLocal: LinkEndPlan["linkLocal"]): RoutingMessage {
  if (message.type !== "update") return message;
  const announced = message.announced.map(({ nextHop, nlri }) => ({
    nlri,
    nextHop: nextHop.global || nextHop.linkLocal ? nextHop : { linkLocal },
  }));
  return { ...message, announced };
}
