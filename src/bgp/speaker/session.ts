import { type Address, afi, type Family } from "../../net/address.ts";
import type { SessionDetail } from "../control/session-detail.ts";
import type { SessionStatus } from "../control/status.ts";
import type { Action, SessionTimer } from "../session/action.ts";
import type { Event } from "../session/event.ts";
import { MAX_DAMPED_TIME } from "../session/idle-hold.ts";
import type { Negotiated } from "../session/negotiation.ts";
import type { Jitter, SessionParameters } from "../session/parameters.ts";
import {
  type ConnectionId,
  connectionsOf,
  type Direction,
  establishedOf,
  type State,
} from "../session/state.ts";
import { transition } from "../session/transition.ts";
import type { Encoding } from "../wire/message.ts";
import { encodeShutdownCommunication } from "../wire/shutdown-communication.ts";
import { Connections } from "./connections.ts";
import { Dialer } from "./dialer.ts";
import { formatSocketName, type LinkAddress, type LinkState, type Transport } from "./host.ts";
import { Journal } from "./journal.ts";
import { type Neighborhood, nobody } from "./neighbors.ts";
import { refuse } from "./refusal.ts";
import { describeDetail } from "./session-detail.ts";
import { connectionFields, describeParameters } from "./session-log.ts";
import { BGP_PORT, type SessionSetup } from "./session-setup.ts";
import { describeConnection, negotiatedOn, type SessionView } from "./session-status.ts";
import { Timer } from "./timer.ts";

/** How messages of routing are written for a session. */
export interface Outlet {
  readonly encoding: Encoding;
  /** Our own address on it. */
  readonly nextHop: Address;
  /** The same for all sessions for which messages are the same octets but for the next hop. */
  readonly encodingKey: string;
}

/**
 * One unnumbered session: the state machine, its timers and connections, and the interface it belongs to.
 *
 * Long because everything meets here: what decides and what acts are in files of their own, and what is left is who tells whom.
 */
export class Session {
  readonly #setup: SessionSetup;
  #parameters: SessionParameters;
  readonly #timers: Readonly<Record<SessionTimer, Timer>>;
  readonly #connections = new Connections();
  readonly #dialer: Dialer;
  readonly #journal: Journal;
  #state: State = { name: "idle" };
  #link: LinkState | undefined;
  #neighborhood: Neighborhood = nobody;
  #establishedCount = 0;
  #lastError: string | null = null;
  #outlet: Outlet | undefined;
  /** Whether the last dial was given up before anybody answered. */
  #unanswered = false;

  constructor(setup: SessionSetup) {
    this.#setup = setup;
    this.#parameters = setup.parameters;
    const { session, clock, parameters, host, log } = setup;
    const expires = (timer: SessionTimer) => () => this.#handle({ type: `${timer}TimerExpires` });
    this.#timers = {
      connectRetry: new Timer(clock, parameters.connectRetryTime, expires("connectRetry")),
      idleHold: new Timer(clock, parameters.idleHoldTime, expires("idleHold")),
      stable: new Timer(clock, MAX_DAMPED_TIME, expires("stable")),
    };
    this.#dialer = new Dialer(host, BGP_PORT);
    this.#journal = new Journal({ session, timers: this.#timers }, { log, clock });
  }

  get name(): string {
    return this.#setup.session;
  }

  get ifname(): string {
    return this.#setup.ifname;
  }

  /** The peer's address, where the session is told; null for whoever is discovered. */
  get peer(): Address | null {
    return this.#setup.peer;
  }

  start(): void {
    const params = describeParameters(this.#parameters);
    this.#journal.write("info", "starting peer state machine", () => ({ params }));
    this.#handle({ type: "manualStart" });
  }

  /** Says goodbye with Cease/Administrative Shutdown (RFC 4486), and why (RFC 9003). */
  stop(communication: string): void {
    const data = encodeShutdownCommunication(communication);
    this.#handle({ type: "manualStop", reason: "administrativeShutdown", data });
  }

  /** Ends for good: Cease/Peer De-configured (RFC 4486). */
  remove(): void {
    this.#handle({ type: "manualStop", reason: "peerDeconfigured", data: new Uint8Array() });
  }

  /** Starts over with Cease/Administrative Reset (RFC 4486), and says why (RFC 9003). */
  reset(communication: string): void {
    const data = encodeShutdownCommunication(communication);
    this.#handle({ type: "reset", reason: "administrativeReset", data });
  }

  /** Goes on with other parameters; what two OPENs have settled stays until a reset. */
  change(parameters: SessionParameters): void {
    this.#parameters = parameters;
    const params = describeParameters(parameters);
    this.#journal.write("info", "session parameters changed", () => ({ params }));
    this.#handle({ type: "parametersChanged" });
  }

  /** Starts over for what has changed: Cease/Other Configuration Change (RFC 4486). */
  restart(): void {
    this.#handle({ type: "reset", reason: "otherConfigurationChange", data: new Uint8Array() });
  }

  /** Asks the peer for all of its routes again (RFC 2918). @returns whether it can be asked, if the session is up */
  requestRefresh(): boolean {
    const up = establishedOf(this.#state);
    if (!up) return true;
    const negotiated = negotiatedOn(up);
    if (!negotiated?.routeRefresh) return false;
    for (const family of negotiated.encoding.families) {
      this.#connections.get(up.id)?.send({ type: "routeRefresh", afi: afi(family), subtype: 0, safi: 1 });
    }
    return true;
  }

  /** The session's interface is now like this. */
  linkChanged(link: LinkState): void {
    this.#link = link.gone ? undefined : link;
    if (!link.running) this.#linkDown();
    this.#publish();
  }

  /** Router Advertisements tell who is there. A new peer is dialed at once, if there is no connection. */
  discovered(neighborhood: Neighborhood): void {
    const [known] = this.#neighborhood.heard;
    this.#neighborhood = this.#own(neighborhood);
    const [peer] = this.#neighborhood.heard;
    if (known === undefined) this.#refuseStrangers();
    if (peer !== undefined && peer !== known && !this.#dialer.busy) this.#handle({ type: "peerDiscovered" });
    this.#publish();
  }

  /** A connection came in over the session's interface, from the peer if that is told. Once peers are discovered there, others are refused. */
  accept(transport: Transport): void {
    if (this.#isStranger(transport)) {
      const peer = formatSocketName(transport.peer);
      const text = "refusing a connection from an address that is not that of a discovered peer";
      this.#journal.write("warn", text, () => ({ direction: "inbound", peer }));
      this.#journal.counters.connection("inbound", { spoken: false });
      return refuse(transport);
    }
    this.#opened("inbound", transport);
  }

  /** The peer has told more prefixes than it may. */
  limitExceeded(family: Family, limit: number): void {
    const up = establishedOf(this.#state);
    if (up) this.#handle({ type: "prefixLimitExceeded", connection: up.id, family, limit });
  }

  /**
   * Sends whole messages of routing on an Established session; on any other they are nobody's.
   *
   * @param octets nobody changes them any more
   * @returns whether the peer keeps up; if not, it should get no more before the owner's `drained` is called
   */
  send(octets: Uint8Array): boolean {
    const up = establishedOf(this.#state);
    const connection = up && this.#connections.get(up.id);
    connection?.sendAll(octets);
    return connection?.keepsUp ?? true;
  }

  /** How messages of routing are written for it; undefined if it is not Established. */
  get outlet(): Outlet | undefined {
    return this.#outlet;
  }

  get status(): SessionStatus {
    const { router, ifname, session } = this.#setup;
    return {
      router,
      ifname,
      session,
      ...describeConnection(this.#view),
      establishedCount: this.#establishedCount,
      lastError: this.#lastError,
      since: this.#journal.history.since,
      history: this.#journal.history.recent,
    };
  }

  /** All that is known of it, histories included. */
  get detail(): SessionDetail {
    return { ...this.status, ...describeDetail(this.#view, this.#parameters, this.#journal) };
  }

  get #view(): SessionView {
    return {
      ifname: this.#setup.ifname,
      peer: this.#setup.peer,
      state: this.#state,
      link: this.#link,
      neighborhood: this.#neighborhood,
      timers: this.#timers,
      connection: ({ id }) => this.#connections.get(id),
      drops: () => (this.#unanswered || this.#parameters.passive ? this.#setup.host.tcpDrops() : undefined),
    };
  }

  /** The kernel has dropped all routes over the interface by now, so the session must not wait for its hold timer. */
  #linkDown(): void {
    this.#neighborhood = nobody;
    this.#dialer.cancel();
    const error = `interface ${this.#setup.ifname} went down`;
    for (const { id } of this.#connections.all) {
      this.#handle({ type: "tcpConnectionFails", connection: id, error, interfaceDown: true });
    }
  }

  /** What of a neighborhood concerns the session. */
  #own(neighborhood: Neighborhood): Neighborhood {
    const { peer } = this;
    if (peer === null) return neighborhood;
    return { ...neighborhood, heard: neighborhood.heard.filter((address) => address === peer) };
  }

  #isStranger({ peer }: { readonly peer: LinkAddress }): boolean {
    const { heard } = this.#neighborhood;
    return heard.length > 0 && !heard.includes(peer.address);
  }

  /** Until a peer is discovered anybody may connect, lest the first one to know the other be refused. */
  #refuseStrangers(): void {
    const strangers = this.#connections.all.filter((connection) => this.#isStranger(connection));
    for (const { id } of strangers) this.#handle({ type: "strangerFound", connection: id });
  }

  #handle(event: Event): void {
    this.#journal.event(event, "connection" in event ? this.#connections.get(event.connection) : undefined);
    const step = transition(this.#state, event, this.#parameters);
    this.#journal.moved(step.path, event);
    this.#state = step.state;
    for (const action of step.actions) this.#run(action);
    if (step.path.length > 0 || step.actions.some(({ type }) => type === "ended")) this.#publish();
  }

  #run(action: Action): void {
    const { owner, session } = this.#setup;
    switch (action.type) {
      case "dial":
        return this.#dial();
      case "cancelDial":
        return this.#dialer.cancel();
      case "startTimer":
        return this.#timers[action.timer].start(action.seconds * this.#factor(action.jitter));
      case "stopTimer":
        return this.#timers[action.timer].stop();
      case "sessionUp":
        return this.#up(action.connection, action.negotiated);
      case "sessionDown":
        this.#outlet = undefined;
        return owner.down(session, action.kept);
      case "updateReceived":
        return owner.update(session, action.update);
      case "refreshRequested":
        return owner.refresh(session, action.family);
      case "refreshBegins":
      case "refreshEnds":
        return owner[action.type](session, action.family);
      case "ended":
        this.#lastError = action.cause;
        return this.#journal.write("info", `connection ended: ${action.cause}`, () => ({
          error: action.cause,
        }));
      case "sendOpen":
        return this.#connections.carryOut(action, this.#offer);
      default:
        return this.#connections.carryOut(action, this.#parameters);
    }
  }

  /** Whoever was here before has not stopped to forward since (RFC 4724 §3, the F bit). */
  get #offer(): SessionParameters {
    const { restarting } = this.#parameters;
    return { ...this.#parameters, forwarding: restarting || this.#establishedCount > 0 };
  }

  #dial(): void {
    const { ifname } = this.#setup;
    const [address] = this.#neighborhood.heard;
    if (!this.#link?.running || address === undefined) {
      this.#journal.write("debug", `skipping connection attempt: no neighbor on ${ifname}`, () => ({}));
      return;
    }
    const to = { ifindex: this.#link.ifindex, address };
    if (this.#dialer.busy) this.#giveUp(to);
    this.#journal.write("debug", `connecting to [${to.address}%${to.ifindex}]:${BGP_PORT}`, () => ({
      direction: "outbound",
    }));
    this.#dialer.start(to, {
      connected: (transport) => this.#opened("outbound", transport),
      failed: (error) => {
        this.#unanswered = error.endsWith("ETIMEDOUT");
        this.#handle({ type: "dialFails", error });
      },
    });
  }

  /** A dial is overtaken by the next: the kernel would go on for minutes. */
  #giveUp({ address }: LinkAddress): void {
    this.#unanswered = true;
    this.#lastError = `connect: no answer from ${address}%${this.ifname}`;
    this.#publish();
  }

  #opened(direction: Direction, transport: Transport): void {
    this.#unanswered = false;
    const { session, clock, log, owner, newConnectionId } = this.#setup;
    const id = newConnectionId();
    const connection = this.#connections.open({ id, direction }, transport, {
      clock,
      parameters: this.#parameters,
      encoding: () => this.#negotiated(id)?.encoding,
      handle: (event) => this.#handle(event),
      drained: () => owner.drained(session),
      caughtUp: () => owner.caughtUp(),
      logs: (level) => log.writes(level),
      log: (level, msg, fields) => log.write(level, msg, () => ({ neighbor: session, ...fields() })),
      passed: (octets, passage) => this.#journal.messages(octets, passage),
    });
    const peer = direction === "inbound" ? "from" : "to";
    this.#journal.write("info", `accepted ${direction} connection ${peer} ${connection.names.peer}`, () =>
      connectionFields(connection),
    );
    this.#handle({ type: `${direction}Connected`, connection: id });
    this.#journal.counters.connection(direction, { spoken: this.#connections.get(id) !== undefined });
  }

  #factor([min, max]: Jitter): number {
    return min + this.#setup.random() * (max - min);
  }

  #negotiated(id: ConnectionId): Negotiated | undefined {
    const connection = connectionsOf(this.#state).find((candidate) => candidate.id === id);
    return connection && negotiatedOn(connection);
  }

  #up(id: ConnectionId, negotiated: Negotiated): void {
    const { peer, encoding, enhancedRouteRefresh, gracefulRestart, role } = negotiated;
    this.#establishedCount++;
    const connection = this.#connections.get(id);
    const local = connection?.local;
    if (!connection || !local) return;
    const encodingKey = JSON.stringify(encoding);
    this.#outlet = { encoding, nextHop: local.address, encodingKey };
    this.#setup.owner.up({
      session: this.name,
      ifname: this.ifname,
      asn: peer.asn,
      routerId: peer.routerId,
      address: connection.peer.address,
      localAddress: local.address,
      families: encoding.families,
      extendedNextHop: encoding.extendedNextHop,
      enhancedRouteRefresh,
      addPathSend: encoding.addPath.send,
      gracefulRestart,
      role,
      encodingKey,
    });
  }

  #publish(): void {
    this.#setup.owner.changed(() => this.status);
  }
}
