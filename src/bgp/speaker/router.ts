import type { Family } from "../../net/address.ts";
import type { Clock } from "../../std/clock.ts";
import { unreachable } from "../../std/errors.ts";
import { changeSession } from "../config/change.ts";
import type { RouterConfig, SessionConfig } from "../config/config.ts";
import { effectsOf } from "../config/effect.ts";
import type { Command } from "../control/request.ts";
import type { Outcome } from "../control/server.ts";
import type { SessionDetail } from "../control/session-detail.ts";
import type { RouteStatus, Status, StatusEvent } from "../control/status.ts";
import { Rib } from "../rib/rib.ts";
import type { BestChange, Peer, PeerPolicy, RibEffects } from "../rib/route.ts";
import type { SessionParameters } from "../session/parameters.ts";
import type { ConnectionId } from "../session/state.ts";
import { formatAsPath } from "../wire/as-path.ts";
import type { Update } from "../wire/message.ts";
import { Discovery, type DiscoveryOwner } from "./discovery.ts";
import { ForwardingTable } from "./forwarding-table.ts";
import { Guards } from "./guards.ts";
import { formatSocketName, type LinkState, type RouterHost, type Transport } from "./host.ts";
import { Links } from "./links.ts";
import type { Log } from "./log.ts";
import { refuse } from "./refusal.ts";
import { Session } from "./session.ts";
import { BGP_PORT, type SessionOwner } from "./session-setup.ts";

export interface RouterSetup {
  readonly config: RouterConfig;
  readonly host: RouterHost;
  readonly clock: Clock;
  /** From 0 to below 1, for the jitter of timers. */
  readonly random: () => number;
  readonly log: Log;
  readonly newConnectionId: () => ConnectionId;
  /** Told of every change of a session or a best route. */
  readonly publish: (event: StatusEvent) => void;
}

/** One BGP router: its sessions, its routes, and the machine under it. */
export class Router implements AsyncDisposable {
  readonly #setup: RouterSetup;
  readonly #configs: Map<string, SessionConfig>;
  readonly #sessions: Map<string, Session>;
  readonly #links = new Links();
  readonly #guards: Guards;
  readonly #rib: Rib;
  readonly #forwarding: ForwardingTable;
  readonly #discovery: Discovery;

  constructor(setup: RouterSetup) {
    this.#setup = setup;
    const { config, host, clock, log } = setup;
    this.#configs = new Map(config.sessions.map((session) => [session.ifname, session]));
    this.#sessions = new Map(config.sessions.map((session) => [session.ifname, this.#session(session)]));
    this.#guards = new Guards(host, config.sessions);
    this.#rib = new Rib({ asn: config.asn, routerId: config.routerId });
    this.#forwarding = new ForwardingTable(host, (ifname) => this.#links.get(ifname)?.ifindex);
    const owner: DiscoveryOwner = {
      heard: (ifname, neighborhood) => this.#sessions.get(ifname)?.discovered(neighborhood),
      note: (ifname, message) =>
        log.write("debug", message, () => ({ module: "discovery", unit: "discovery", interface: ifname })),
    };
    const lifetimeOf = (ifname: string) => this.#configs.get(ifname)?.routerLifetime ?? 0;
    this.#discovery = new Discovery({ host, clock, random: setup.random, owner, lifetimeOf });
  }

  /** @throws {SystemError} if the port is taken or the namespace is not there */
  start(): void {
    const { config, host, log } = this.#setup;
    host.listen(BGP_PORT, (transport, ifindex) => this.#accept(transport, ifindex));
    log.write("info", "dispatcher started", () => ({
      module: "neighbor",
      unit: "dispatcher",
      listen_address: `[::]:${BGP_PORT}`,
    }));
    for (const prefix of config.originate) this.#carryOut(this.#rib.originate(prefix));
    for (const session of this.#sessions.values()) session.start();
    host.watchLinks((link) => {
      for (const news of this.#links.update(link)) this.#linkChanged(news);
    });
  }

  get status(): Status {
    const { name, asn, routerId } = this.#setup.config;
    return {
      routers: [{ router: name, asn, routerId }],
      sessions: [...this.#sessions.values()].map(({ status }) => status),
      routes: [...this.#rib.best()].map((best) => this.#routeStatus(best)),
    };
  }

  get name(): string {
    return this.#setup.config.name;
  }

  /** All that is known of one session; undefined if there is none on that interface. */
  session(ifname: string): SessionDetail | undefined {
    return this.#sessions.get(ifname)?.detail;
  }

  /** Does something to one session; undefined if there is none on that interface. */
  execute(command: Command): Outcome | undefined {
    const session = this.#sessions.get(command.ifname);
    if (!session) return undefined;
    switch (command.type) {
      case "configure":
        return this.#configure(session, command);
      case "reset":
        session.reset(command.communication);
        return { effects: ["reset"] };
      case "remove":
        this.#remove(session, command.ifname);
        return { effects: ["reset"] };
      default:
        return unreachable(command);
    }
  }

  /** Ends all sessions with a NOTIFICATION and takes the routes out of the kernel. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#discovery[Symbol.dispose]();
    for (const session of this.#sessions.values()) session.stop("the speaker is stopping");
    this.#forwarding.clear();
    this.#guards[Symbol.dispose]();
    await this.#setup.host[Symbol.asyncDispose]();
  }

  #session(session: SessionConfig): Session {
    const { config, host, clock, random, log, newConnectionId, publish } = this.#setup;
    const { ifname } = session;
    const { name } = config;
    const owner: SessionOwner = {
      up: (peer) => this.#peerUp(peer),
      down: (down) => this.#carryOut(this.#rib.peerDown(down)),
      update: (from, update) => this.#update(from, update),
      refresh: (to, family: Family) => this.#carryOut(this.#rib.refresh(to, family)),
      refreshBegins: (from, family) => this.#rib.beginRefresh(from, family),
      refreshEnds: (from, family) => this.#carryOut(this.#rib.endRefresh(from, family)),
      drained: (drained) => this.#carryOut(this.#rib.resume(drained)),
      changed: (session) => publish({ type: "session", session }),
    };
    const parameters = parametersOf(session, config);
    log.write("info", `spawning session for peer_${ifname}`, () => ({
      module: "router",
      unit: "session_runner",
    }));
    const setup = { router: name, ifname, parameters, host, clock, random, log, newConnectionId, owner };
    return new Session(setup);
  }

  /** Changes a session while it runs, with all that the change needs to hold. */
  #configure(session: Session, command: { ifname: string; session: unknown }): Outcome | undefined {
    const { ifname } = command;
    const before = this.#configs.get(ifname);
    if (!before) return undefined;
    const change = changeSession(before, command.session);
    if (change.type === "refused") return change;
    const after = change.session;
    const effects = effectsOf(before, after);
    this.#configs.set(ifname, after);
    if (before.md5Key !== after.md5Key || before.minHopLimit !== after.minHopLimit) {
      this.#guards.change(ifname, after, this.#links.get(ifname));
    }
    if (before.routerLifetime !== after.routerLifetime) this.#discovery.lifetimeChanged(ifname);
    if (effects.length > 0) session.change(parametersOf(after, this.#setup.config));
    this.#carryOut(this.#rib.setPolicy(ifname, policyOf(after)));
    const asked = !effects.includes("refresh") || session.requestRefresh();
    if (asked && !effects.includes("reset")) return { effects };
    session.restart();
    return { effects: ["reset"] };
  }

  #remove(session: Session, ifname: string): void {
    session.remove();
    const link = this.#links.get(ifname);
    if (link) this.#discovery.leave(link.ifindex);
    this.#guards.change(ifname, undefined, undefined);
    this.#configs.delete(ifname);
    this.#sessions.delete(ifname);
  }

  #linkChanged(link: LinkState): void {
    const session = this.#sessions.get(link.ifname);
    if (!session) return;
    this.#guards.linkChanged(link);
    this.#restoreAddress(link);
    session.linkChanged(link);
    this.#discovery.linkChanged(link);
  }

  #restoreAddress({ ifname, ifindex, running, linkLocal }: LinkState): void {
    const address = this.#configs.get(ifname)?.linkLocal;
    if (running && linkLocal === undefined && address) this.#setup.host.addLinkLocal({ ifindex, address });
  }

  #accept(transport: Transport, ifindex: number): void {
    const peer = formatSocketName(transport.peer);
    const ifname = this.#links.withIndex(ifindex)?.ifname;
    const session = ifname === undefined ? undefined : this.#sessions.get(ifname);
    const where = { module: "neighbor", unit: "dispatcher", peer, scope_id: ifindex };
    this.#setup.log.write("debug", `accepted inbound connection from: ${peer}`, () => where);
    if (session === undefined || ifname === undefined) {
      this.#setup.log.write("info", "no session for this connection, refusing it", () => where);
      return refuse(transport);
    }
    this.#setup.log.write("debug", "routing link-local connection to interface session", () => ({
      ...where,
      interface: ifname,
    }));
    session.accept(transport);
  }

  #peerUp(peer: Peer): void {
    const config = this.#configs.get(peer.ifname);
    this.#carryOut(this.#rib.peerUp(config ? { ...peer, policy: policyOf(config) } : peer));
  }

  #update(ifname: string, update: Update): void {
    for (const { approach, attribute, message } of update.errors) {
      const text = `malformed attribute ${attribute}, ${approach}: ${message} (RFC 7606)`;
      this.#setup.log.write("warn", text, () => ({ module: "neighbor", neighbor: ifname }));
    }
    this.#carryOut(this.#rib.update(ifname, update));
  }

  /** The kernel first, so that nobody is told of a route that does not forward yet; then the peers, then whoever watches. */
  #carryOut({ changes, messages }: RibEffects): void {
    this.#forwarding.apply(changes);
    for (const [ifname, due] of messages) {
      const keepsUp = this.#sessions.get(ifname)?.send(due) ?? true;
      if (!keepsUp) this.#rib.pause(ifname);
    }
    for (const { prefix, best } of changes) {
      const router = this.#setup.config.name;
      if (best) this.#setup.publish({ type: "route", route: this.#routeStatus(best) });
      else this.#setup.publish({ type: "routeGone", router, prefix });
    }
  }

  #routeStatus({ route, decidedBy }: NonNullable<BestChange["best"]>): RouteStatus {
    const { prefix, peer, nextHop, attributes } = route;
    return {
      router: this.#setup.config.name,
      prefix,
      via: peer?.ifname ?? null,
      nextHop: nextHop?.linkLocal ?? nextHop?.global ?? null,
      asPath: formatAsPath(attributes.asPath),
      decidedBy,
      kernel: peer ? this.#forwarding.state(prefix) : "connected",
    };
  }
}

function parametersOf(session: SessionConfig, router: RouterConfig): SessionParameters {
  const { timers, md5Key: _secret, ...parameters } = session;
  return { ...parameters, ...timers, asn: router.asn, routerId: router.routerId, hostname: router.name };
}

function policyOf(session: SessionConfig): PeerPolicy {
  const { enforceFirstAs, med, communities, localPref, nextHop } = session;
  const importPrefixes = session.importPrefixes && new Set(session.importPrefixes);
  const exportPrefixes = session.exportPrefixes && new Set(session.exportPrefixes);
  return { enforceFirstAs, med, communities, localPref, importPrefixes, exportPrefixes, nextHop };
}
