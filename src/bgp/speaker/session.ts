import type { Address, Family } from "../../net/address.ts";
import type { Clock } from "../../std/clock.ts";
import { unreachable } from "../../std/errors.ts";
import type { SessionStatus } from "../control/status.ts";
import type { Peer } from "../rib/route.ts";
import type { Action, ConnectionAction, SessionTimer } from "../session/action.ts";
import type { Event } from "../session/event.ts";
import type { Negotiated } from "../session/negotiation.ts";
import { ourOpen, type SessionParameters } from "../session/parameters.ts";
import { type ConnectionId, connectionsOf, type Direction, type State } from "../session/state.ts";
import { transition } from "../session/transition.ts";
import type { Update } from "../wire/message.ts";
import { notificationReasons } from "../wire/notification.ts";
import { encodeShutdownCommunication } from "../wire/shutdown-communication.ts";
import { BgpConnection } from "./connection.ts";
import { Dialer } from "./dialer.ts";
import type { LinkState, RouterHost, Transport } from "./host.ts";
import { Journal } from "./journal.ts";
import type { Log } from "./log.ts";
import { connectionFields, describeParameters } from "./session-log.ts";
import { describeConnection } from "./session-status.ts";
import { Timer } from "./timer.ts";

/** The port that BGP listens on (RFC 4271 §2). */
export const BGP_PORT = 179;

/** What routing, and whoever watches, learn from a session. */
export interface SessionOwner {
  up(peer: Peer): void;
  down(ifname: string): void;
  update(ifname: string, update: Update): void;
  refresh(ifname: string, family: Family): void;
  changed(status: SessionStatus): void;
}

export interface SessionSetup {
  readonly router: string;
  readonly ifname: string;
  readonly parameters: SessionParameters;
  readonly host: RouterHost;
  readonly clock: Clock;
  readonly log: Log;
  readonly newConnectionId: () => ConnectionId;
  readonly owner: SessionOwner;
}

/** One unnumbered session: the state machine, its timers and connections, and the interface it belongs to. */
export class Session {
  readonly #setup: SessionSetup;
  readonly #timers: Readonly<Record<SessionTimer, Timer>>;
  readonly #connections = new Map<ConnectionId, BgpConnection>();
  readonly #dialer: Dialer;
  readonly #journal: Journal;
  #state: State = { name: "idle" };
  #link: LinkState | undefined;
  #discovered: Address | undefined;
  #establishedCount = 0;
  #lastError: string | null = null;

  constructor(setup: SessionSetup) {
    this.#setup = setup;
    const { ifname, clock, parameters, host, log } = setup;
    const expires = (type: "connectRetryTimerExpires" | "idleHoldTimerExpires") => () =>
      this.#handle({ type });
    this.#timers = {
      connectRetry: new Timer(clock, parameters.connectRetryTime, expires("connectRetryTimerExpires")),
      idleHold: new Timer(clock, parameters.idleHoldTime, expires("idleHoldTimerExpires")),
    };
    this.#dialer = new Dialer(host, BGP_PORT);
    this.#journal = new Journal({ ifname, timers: this.#timers }, { log, clock });
  }

  start(): void {
    const params = describeParameters(this.#setup.parameters);
    this.#journal.write("info", "starting peer state machine", () => ({ params }));
    this.#handle({ type: "manualStart" });
  }

  /** Says goodbye with Cease/Administrative Shutdown (RFC 4486), and why (RFC 9003). */
  stop(communication: string): void {
    const data = encodeShutdownCommunication(communication);
    this.#handle({ type: "manualStop", reason: "administrativeShutdown", data });
  }

  /** The session's interface is now like this. */
  linkChanged(link: LinkState): void {
    this.#link = link;
    if (!link.running) this.#linkDown();
    this.#publish();
  }

  /** A Router Advertisement told the peer's address. A new one is dialed at once, if there is no connection. */
  discovered(address: Address): void {
    if (this.#discovered === address) return;
    this.#discovered = address;
    if (!this.#dialer.busy) this.#handle({ type: "peerDiscovered" });
    this.#publish();
  }

  /** A connection came in over the session's interface. */
  accept(transport: Transport): void {
    this.#opened("inbound", transport);
  }

  /** Sends UPDATEs on an Established session; on any other they are nobody's. */
  send(updates: readonly Update[]): void {
    const [connection] = connectionsOf(this.#state);
    if (connection?.phase !== "established") return;
    for (const update of updates) this.#connections.get(connection.id)?.send(update);
  }

  get status(): SessionStatus {
    const { router, ifname } = this.#setup;
    const view = {
      ifname,
      state: this.#state,
      link: this.#link,
      discovered: this.#discovered,
      timers: this.#timers,
      connection: ({ id }: { id: ConnectionId }) => this.#connections.get(id),
    };
    return {
      router,
      ifname,
      ...describeConnection(view),
      establishedCount: this.#establishedCount,
      lastError: this.#lastError,
      history: this.#journal.history,
    };
  }

  /** The kernel has dropped all routes over the interface by now, so the session must not wait for its hold timer. */
  #linkDown(): void {
    this.#discovered = undefined;
    this.#dialer.cancel();
    const error = `interface ${this.#setup.ifname} went down`;
    for (const connection of this.#connections.keys()) {
      this.#handle({ type: "tcpConnectionFails", connection, error });
    }
  }

  #handle(event: Event): void {
    this.#journal.event(event, "connection" in event ? this.#connections.get(event.connection) : undefined);
    const step = transition(this.#state, event, this.#setup.parameters);
    this.#journal.moved(step.path, event);
    this.#state = step.state;
    for (const action of step.actions) this.#run(action);
    if (step.path.length > 0 || step.actions.some(({ type }) => type === "ended")) this.#publish();
  }

  #run(action: Action): void {
    const { owner, ifname } = this.#setup;
    switch (action.type) {
      case "dial":
        return this.#dial();
      case "cancelDial":
        return this.#dialer.cancel();
      case "startTimer":
        return this.#timers[action.timer].start(action.seconds);
      case "stopTimer":
        return this.#timers[action.timer].stop();
      case "sessionUp":
        return this.#up(action.connection, action.negotiated);
      case "sessionDown":
        return owner.down(ifname);
      case "updateReceived":
        return owner.update(ifname, action.update);
      case "refreshRequested":
        return owner.refresh(ifname, action.family);
      case "ended":
        this.#lastError = action.cause;
        return this.#journal.write("info", `connection ended: ${action.cause}`, () => ({
          error: action.cause,
        }));
      default:
        return this.#runOnConnection(action);
    }
  }

  #runOnConnection(action: ConnectionAction): void {
    const connection = this.#connections.get(action.connection);
    switch (action.type) {
      case "sendOpen":
        return connection?.send(ourOpen(this.#setup.parameters));
      case "sendKeepalive":
        return connection?.send({ type: "keepalive" });
      case "sendNotification": {
        const [code, subcode] = notificationReasons[action.reason];
        return connection?.send({ type: "notification", code, subcode, data: action.data });
      }
      case "close":
        this.#connections.delete(action.connection);
        return connection?.close();
      case "startConnectionTimer":
        return connection?.timers[action.timer].start(action.seconds);
      case "stopConnectionTimer":
        return connection?.timers[action.timer].stop();
      default:
        return unreachable(action);
    }
  }

  #dial(): void {
    const { ifname } = this.#setup;
    if (!this.#link?.running || this.#discovered === undefined) {
      this.#journal.write("debug", `skipping connection attempt: no neighbor on ${ifname}`, () => ({}));
      return;
    }
    const to = { ifindex: this.#link.ifindex, address: this.#discovered };
    this.#journal.write("debug", `connecting to [${to.address}%${to.ifindex}]:${BGP_PORT}`, () => ({
      direction: "outbound",
    }));
    this.#dialer.start(to, {
      connected: (transport) => this.#opened("outbound", transport),
      failed: (error) => this.#handle({ type: "dialFails", error }),
    });
  }

  #opened(direction: Direction, transport: Transport): void {
    const id = this.#setup.newConnectionId();
    const { ifname, clock, log, parameters } = this.#setup;
    const connection = new BgpConnection({ id, direction }, transport, {
      clock,
      parameters,
      encoding: () => this.#negotiated(id)?.encoding,
      handle: (event) => this.#handle(event),
      log: (level, msg, fields) => log.write(level, msg, () => ({ neighbor: ifname, ...fields() })),
    });
    this.#connections.set(id, connection);
    const peer = direction === "inbound" ? "from" : "to";
    this.#journal.write("info", `accepted ${direction} connection ${peer} ${connection.names.peer}`, () =>
      connectionFields(connection),
    );
    connection.listen();
    this.#handle({ type: `${direction}Connected`, connection: id });
  }

  #negotiated(id: ConnectionId): Negotiated | undefined {
    const connection = connectionsOf(this.#state).find((candidate) => candidate.id === id);
    return connection && connection.phase !== "open sent" ? connection.negotiated : undefined;
  }

  #up(id: ConnectionId, { peer, encoding }: Negotiated): void {
    this.#establishedCount++;
    const connection = this.#connections.get(id);
    const local = connection?.local;
    if (!connection || !local) return;
    this.#setup.owner.up({
      ifname: this.#setup.ifname,
      asn: peer.asn,
      routerId: peer.routerId,
      address: connection.peer.address,
      localAddress: local.address,
      families: encoding.families,
      extendedNextHop: encoding.extendedNextHop,
    });
  }

  #publish(): void {
    this.#setup.owner.changed(this.status);
  }
}
