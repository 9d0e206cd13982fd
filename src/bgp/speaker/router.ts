import type { Address, Family } from "../../net/address.ts";
import type { Prefix } from "../../net/prefix.ts";
import { formatSessionEnd, sessionName } from "../../net/session-name.ts";
import type { Clock } from "../../std/clock.ts";
import { unreachable } from "../../std/errors.ts";
import type { RouterConfig, SessionConfig } from "../config/config.ts";
import { differenceOf, effectsOfChange, type RouterChange } from "../config/difference.ts";
import { type Effect, effectsOf, type SessionField } from "../config/effect.ts";
import { concerns, type Interest, type Interests } from "../control/interest.ts";
import type { SessionCommand } from "../control/request.ts";
import type { RouteDetail, RouteQuery } from "../control/route-detail.ts";
import type { Outcome } from "../control/server.ts";
import type { SessionDetail } from "../control/session-detail.ts";
import type { RouterStatus, Status, StatusEvent } from "../control/status.ts";
import type { BestChange } from "../rib/route.ts";
import type { Kept } from "../session/restart.ts";
import type { ConnectionId } from "../session/state.ts";
import type { Update } from "../wire/message.ts";
import { Absences } from "./absences.ts";
import { Discovery, type DiscoveryOwner } from "./discovery.ts";
import { Guards } from "./guards.ts";
import { formatSocketName, type LinkState, type RouterHost, type Transport } from "./host.ts";
import { Links } from "./links.ts";
import { LocRibDigest } from "./loc-rib-digest.ts";
import type { Log } from "./log.ts";
import { refuse } from "./refusal.ts";
import { Restart } from "./restart.ts";
import { RouteReport } from "./route-report.ts";
import { Routing } from "./routing.ts";
import { Session } from "./session.ts";
import { parametersOf, policyOf } from "./session-policy.ts";
import { BGP_PORT, type EstablishedPeer, type SessionOwner } from "./session-setup.ts";
import { Sessions } from "./sessions.ts";
import type { Turns } from "./turns.ts";

export interface RouterSetup {
  readonly config: RouterConfig;
  readonly host: RouterHost;
  readonly clock: Clock;
  /** From 0 to below 1, for the jitter of timers. */
  readonly random: () => number;
  readonly log: Log;
  readonly newConnectionId: () => ConnectionId;
  /** Shared by all routers of a process. */
  readonly turns: Turns;
  /** Told of every change of a session or a best route that anybody wants to hear of. */
  readonly publish: (event: StatusEvent) => void;
  /** What that is; undefined if nobody watches: nothing is put into words then. */
  readonly interests: () => Interests | undefined;
}

/** With more best routes than this, none is told unasked: neither in a status nor when it changes. */
const MANY_ROUTES = 100_000;

/**
 * One BGP router: its sessions, its routes, and the machine under it.
 *
 * Long because everything meets here: what decides and what acts are in files of their own, and what is left is who tells whom.
 */
export class Router implements AsyncDisposable {
  readonly #setup: Omit<RouterSetup, "config">;
  #config: RouterConfig;
  /** Those of its sessions, by name. */
  #configs: ReadonlyMap<string, SessionConfig>;
  readonly #sessions: Sessions;
  readonly #links = new Links();
  readonly #guards: Guards;
  readonly #routing: Routing;
  readonly #report: RouteReport;
  readonly #absences: Absences;
  readonly #discovery: Discovery;
  #redistributed: ReadonlySet<Prefix> = new Set();
  /** Undefined while nobody wants it. */
  #digest: LocRibDigest | undefined;
  #changeCount = 0;
  /** Undefined but for a router that has just started again. */
  #restart: Restart | undefined;

  constructor({ config, ...setup }: RouterSetup) {
    this.#setup = setup;
    const { host, clock, log, turns } = setup;
    this.#config = config;
    this.#configs = sessionsByName(config);
    this.#routing = new Routing({
      config,
      host,
      clock,
      turns,
      session: (name) => this.#sessions.get(name),
      link: (ifname) => this.#links.get(ifname),
      changed: (changes) => this.#publish(changes),
    });
    this.#report = new RouteReport(config, this.#routing);
    this.#absences = new Absences(clock, (name) => this.#routing.after((rib) => rib.forget(name)));
    const patient = config.sessions.filter(({ gracefulRestart }) => gracefulRestart === "full");
    if (patient.length > 0 && config.install && hasRoutes(host)) this.#restart = this.#awaitPeers(patient);
    this.#sessions = new Sessions(config.sessions.map((session) => this.#session(session)));
    this.#guards = new Guards(host, config.sessions);
    const owner: DiscoveryOwner = {
      heard: (ifname, neighborhood) => {
        for (const session of this.#sessions.on(ifname)) session.discovered(neighborhood);
      },
      note: (ifname, message) =>
        log.write("debug", message, () => ({ module: "discovery", unit: "discovery", interface: ifname })),
    };
    const lifetimeOf = (ifname: string) => this.#configOn(ifname)?.routerLifetime ?? 0;
    const isPeer = (ifname: string, address: Address) =>
      this.#sessions.with(ifname, address)?.peer === address;
    this.#discovery = new Discovery({
      host,
      clock,
      turns,
      random: setup.random,
      owner,
      lifetimeOf,
      isPeer,
    });
  }

  /** @throws {SystemError} if the port is taken or the namespace is not there */
  start(): void {
    const { host, log } = this.#setup;
    host.listen(BGP_PORT, (transport, ifindex) => this.#accept(transport, ifindex));
    log.write("info", "dispatcher started", () => ({
      module: "neighbor",
      unit: "dispatcher",
      listen_address: `[::]:${BGP_PORT}`,
    }));
    if (this.#config.redistribute.length > 0 || this.#config.install) this.#watchRoutes();
    // What a speaker that ended all at once has left behind is nobody's, unless it is about to be learnt again.
    if (!this.#restart) this.#routing.forwarding.repair();
    this.#routing.after((rib) => {
      for (const prefix of this.#config.originate) rib.originate(prefix);
    });
    for (const session of this.#sessions) session.start();
    host.watchLinks((link) => {
      for (const news of this.#links.update(link)) this.#linkChanged(news);
    });
  }

  get status(): Status {
    return this.statusFor("all");
  }

  /** All that is told of it to somebody with that interest. */
  statusFor(interest: Interest): Status {
    const sessions = Array.from(this.#sessions, ({ status }) => status);
    if (interest === "all") {
      return { routers: [this.#told], sessions, routes: this.#hasMany ? [] : this.#report.best() };
    }
    const routes = Array.from(interest, (prefix) => this.#routing.rib.bestOf(prefix) ?? []).flat();
    return {
      routers: [this.#digested],
      sessions,
      routes: routes.map((best) => this.#report.status(best)),
    };
  }

  /** As of now. */
  get config(): RouterConfig {
    return this.#config;
  }

  /** All that is known of one session; undefined if none has that name. */
  session(name: string): SessionDetail | undefined {
    return this.#sessions.get(name)?.detail;
  }

  /** Routes, each made when it is asked for; undefined if no session has that name. */
  routes(query: RouteQuery): Iterable<RouteDetail> | undefined {
    if (query.session !== null && !this.#sessions.get(query.session)) return undefined;
    return this.#report.details(query);
  }

  /** Does something to one session; undefined if none has that name. */
  execute(command: SessionCommand): Outcome | undefined {
    const session = this.#sessions.get(command.session);
    if (!session) return undefined;
    switch (command.type) {
      case "refresh":
        if (session.requestRefresh()) return { effects: ["live"] };
        return {
          mistakes: [`the peer of ${formatSessionEnd(command)} does not know route refresh (RFC 2918)`],
        };
      case "reset":
        session.reset(command.communication);
        return { effects: ["reset"] };
      default:
        return unreachable(command);
    }
  }

  /**
   * Goes on with another configuration of the same router. Sessions that are the same in it are left alone.
   *
   * @returns what that led to; undefined if it must start over instead, and nothing has changed
   */
  reconfigure(config: RouterConfig): readonly Effect[] | undefined {
    const changes = differenceOf(this.#config, config);
    if (changes.some(({ type }) => type === "restart")) return undefined;
    this.#config = config;
    this.#configs = sessionsByName(config);
    for (const change of changes) this.#carryOut(change);
    this.#routing.settle();
    return [...new Set(changes.flatMap(effectsOfChange))];
  }

  /** Ends all sessions with a NOTIFICATION and takes the routes out of the kernel. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#discovery[Symbol.dispose]();
    this.#restart?.[Symbol.dispose]();
    for (const session of this.#sessions) session.stop("the speaker is stopping");
    this.#absences[Symbol.dispose]();
    // What was sent leaves first: a million routes take the kernel some seconds.
    await undefined;
    this.#routing[Symbol.dispose]();
    this.#guards[Symbol.dispose]();
    await this.#setup.host[Symbol.asyncDispose]();
  }

  #session(session: SessionConfig): Session {
    const { host, clock, random, log, newConnectionId, publish, interests } = this.#setup;
    const { ifname, peer } = session;
    const { name } = this.#config;
    const routing = this.#routing;
    const owner: SessionOwner = {
      up: (peer) => this.#peerUp(peer),
      down: (down, kept) => this.#peerDown(down, kept),
      update: (from, update) => this.#update(from, update),
      caughtUp: () => routing.settleSoon(),
      refresh: (to, family: Family) => routing.after((rib) => rib.refresh(to, family)),
      refreshBegins: (from, family) => routing.rib.beginRefresh(from, family),
      refreshEnds: (from, family) => routing.after((rib) => rib.endRefresh(from, family)),
      drained: (drained) => routing.after((rib) => rib.resume(drained)),
      changed: (status) => {
        if (interests()) publish({ type: "session", session: status() });
      },
    };
    const parameters = parametersOf(session, this.#config, this.#restart !== undefined);
    log.write("info", `spawning session for peer_${sessionName(session)}`, () => ({
      module: "router",
      unit: "session_runner",
    }));
    return new Session({
      router: name,
      session: sessionName(session),
      ifname,
      peer,
      parameters,
      host,
      clock,
      random,
      log,
      newConnectionId,
      owner,
    });
  }

  #awaitPeers(sessions: readonly SessionConfig[]): Restart {
    const { clock, log } = this.#setup;
    const seconds = Math.max(...sessions.map(({ timers }) => timers.restartTime));
    this.#routing.rib.defer();
    log.write("info", "started again: routes stay until the peers have told theirs", () => ({
      module: "router",
      unit: "restart",
      seconds,
    }));
    const peers = sessions.map(sessionName);
    return new Restart(peers, { clock, seconds }, () => this.#restarted());
  }

  /** All peers have told their tables, or had the time for it. */
  #restarted(): void {
    this.#restart = undefined;
    for (const session of this.#sessions) {
      const config = this.#configs.get(session.name);
      if (config?.gracefulRestart === "full") session.change(parametersOf(config, this.#config, false));
    }
    this.#routing.after((rib) => rib.select());
    this.#routing.whenIdle(() => this.#routing.forwarding.repair());
  }

  #carryOut(change: RouterChange): void {
    const { rib } = this.#routing;
    switch (change.type) {
      case "restart":
        return;
      case "removeSession":
        return this.#remove(change.session);
      case "set":
        return this.#set(change.field);
      case "withdraw":
        if (this.#redistributed.has(change.prefix)) return rib.originate(change.prefix, redistributed);
        return rib.withdraw(change.prefix);
      case "announce":
        return rib.originate(change.prefix);
      case "changeSession":
        return this.#change(change.session, change.fields);
      case "addSession":
        return this.#add(change.session);
      default:
        return unreachable(change);
    }
  }

  #set(field: "logLevel" | "redistribute" | "multipath"): void {
    const { logLevel, redistribute, multipath } = this.#config;
    switch (field) {
      case "logLevel":
        this.#setup.log.threshold = logLevel;
        return;
      case "redistribute":
        this.#watchRoutes();
        if (redistribute.length === 0) this.#redistribute(new Set());
        return;
      case "multipath":
        return this.#routing.rib.setMultipath(multipath);
      default:
        return unreachable(field);
    }
  }

  /** With all that the change needs to hold. */
  #change(config: SessionConfig, fields: readonly SessionField[]): void {
    const { ifname } = config;
    const session = this.#sessions.get(sessionName(config));
    if (!session) return;
    const link = this.#links.get(ifname);
    if (fields.includes("md5Key") || fields.includes("minHopLimit"))
      this.#guards.change(ifname, config, link);
    if (fields.includes("routerLifetime")) this.#discovery.lifetimeChanged(ifname);
    if (link) this.#restoreAddress(link);
    session.change(parametersOf(config, this.#config, false));
    this.#routing.rib.setPolicy(session.name, policyOf(config, this.#config.policies));
    if (effectsOf(fields).includes("reset")) session.restart();
  }

  #add(config: SessionConfig): void {
    const { ifname } = config;
    const isFirst = this.#sessions.on(ifname).length === 0;
    const session = this.#session(config);
    this.#sessions.add(session);
    if (isFirst) this.#guards.change(ifname, config, undefined);
    session.start();
    const link = this.#links.get(ifname);
    if (!link) return;
    if (isFirst) return this.#linkChanged(link);
    session.linkChanged(link);
    session.discovered(this.#discovery.neighborhoodOn(link.ifindex));
  }

  /** Of any of the sessions of an interface, for what they have in common. */
  #configOn(ifname: string): SessionConfig | undefined {
    const [session] = this.#sessions.on(ifname);
    return session && this.#configs.get(session.name);
  }

  #remove(name: string): void {
    const session = this.#sessions.get(name);
    if (!session) return;
    const { ifname } = session;
    session.remove();
    this.#absences.end(name);
    this.#restart?.gone(name);
    this.#sessions.delete(session);
    if (this.#sessions.on(ifname).length > 0) return;
    const link = this.#links.get(ifname);
    if (link) this.#discovery.leave(link.ifindex);
    this.#guards.change(ifname, undefined, undefined);
  }

  #linkChanged(link: LinkState): void {
    const sessions = this.#sessions.on(link.ifname);
    if (sessions.length === 0) return;
    this.#guards.linkChanged(link);
    this.#restoreAddress(link);
    if (!link.running) this.#forgetPeers(sessions);
    for (const session of sessions) session.linkChanged(link);
    if (link.running) this.#routing.forwarding.linkChanged(link.ifindex);
    this.#discovery.linkChanged(link);
  }

  /** All at once: over an interface that is down, no peer on it can stand in for another. */
  #forgetPeers(sessions: readonly Session[]): void {
    this.#routing.after((rib) => {
      for (const { name } of sessions) rib.peerDown(name);
    });
  }

  #restoreAddress({ ifname, ifindex, running, linkLocal }: LinkState): void {
    const address = this.#configOn(ifname)?.linkLocal;
    if (running && linkLocal === undefined && address) this.#setup.host.addLinkLocal({ ifindex, address });
  }

  #accept(transport: Transport, ifindex: number): void {
    const peer = formatSocketName(transport.peer);
    const ifname = this.#links.withIndex(ifindex)?.ifname;
    const session = ifname === undefined ? undefined : this.#sessions.with(ifname, transport.peer.address);
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

  #watchRoutes(): void {
    const { redistribute, install } = this.#config;
    this.#setup.host.watchRoutes({
      disturbed: (prefix) => {
        if (install) this.#routing.disturbed(prefix);
      },
      ...(redistribute.length > 0 && {
        redistribute: {
          sources: redistribute,
          routes: (prefixes: ReadonlySet<Prefix>) => this.#redistribute(prefixes),
        },
      }),
    });
  }

  /** These are the routes of the machine that are originated from now on. */
  #redistribute(prefixes: ReadonlySet<Prefix>): void {
    const former = this.#redistributed;
    this.#redistributed = prefixes;
    const own = new Set(this.#config.originate);
    this.#routing.after((rib) => {
      for (const prefix of former) if (!prefixes.has(prefix) && !own.has(prefix)) rib.withdraw(prefix);
      for (const prefix of prefixes) {
        if (!former.has(prefix) && !own.has(prefix)) rib.originate(prefix, redistributed);
      }
    });
  }

  #peerUp(peer: EstablishedPeer): void {
    const config = this.#configs.get(peer.session);
    if (!config) return;
    this.#absences.isBack(peer.session);
    this.#restart?.peerUp(peer);
    this.#routing.after((rib) => rib.peerUp({ ...peer, policy: policyOf(config, this.#config.policies) }));
  }

  #peerDown(name: string, kept: Kept | undefined): void {
    if (kept) this.#absences.left(name, kept.seconds);
    else this.#absences.end(name);
    this.#routing.after((rib) => rib.peerDown(name, kept?.families));
  }

  /** What follows is carried out when all of the chunk that it came in is read. */
  #update(name: string, update: Update): void {
    for (const { approach, attribute, message } of update.errors) {
      const text = `malformed attribute ${attribute}, ${approach}: ${message} (RFC 7606)`;
      this.#setup.log.write("warn", text, () => ({ module: "neighbor", neighbor: name }));
    }
    const exceeded = this.#routing.rib.update(name, update);
    const limit = this.#configs.get(name)?.prefixLimit ?? null;
    if (exceeded && limit !== null) {
      const family = update.announced[0]?.nlri.family ?? 4;
      this.#sessions.get(name)?.limitExceeded(family, limit);
    }
    if (update.endOfRib !== undefined) this.#restart?.told(name, update.endOfRib);
  }

  get #told(): RouterStatus {
    const { name, asn, routerId } = this.#config;
    return { router: name, asn, routerId, routeCount: this.#routing.forwarding.size };
  }

  get #digested(): RouterStatus {
    this.#digest ??= new LocRibDigest(this.#routing.rib, {
      isShared: (ifname) => this.#sessions.on(ifname).some(({ peer }) => peer !== null),
      isRefused: (id) => this.#routing.forwarding.isRefused(id),
    });
    return { ...this.#told, digest: this.#digest.toString(), changeCount: this.#changeCount };
  }

  get #hasMany(): boolean {
    return this.#routing.forwarding.size > MANY_ROUTES;
  }

  #publish(changes: readonly BestChange[]): void {
    const { publish, interests } = this.#setup;
    const wanted = interests();
    this.#changeCount += changes.length;
    if (wanted?.digests) this.#digest?.apply(changes);
    else this.#digest = undefined;
    if (wanted?.digests) publish({ type: "router", router: this.#digested });
    if (!wanted || (wanted.routes === "all" ? this.#hasMany : wanted.routes.size === 0)) return;
    const { rib } = this.#routing;
    for (const { id } of changes) {
      const prefix = rib.prefix(id);
      if (!concerns(wanted.routes, prefix)) continue;
      const best = rib.bestOf(prefix);
      if (best) publish({ type: "route", route: this.#report.status(best) });
      else publish({ type: "routeGone", router: this.#config.name, prefix });
    }
  }
}

/** Whether routes of a router are there before it has started: it was there before. */
function hasRoutes(host: RouterHost): boolean {
  for (const _ of host.forwarded()) return true;
  return false;
}

const sessionsByName = ({ sessions }: RouterConfig) =>
  new Map(sessions.map((session) => [sessionName(session), session]));

/** What is said of routes that the machine had before. */
const redistributed = { origin: "incomplete" } as const;
