import type { Action } from "../../src/bgp/session/action.ts";
import type { Event } from "../../src/bgp/session/event.ts";
import { ourOpen, type SessionParameters } from "../../src/bgp/session/parameters.ts";
import {
  type Connection,
  type ConnectionId,
  connectionsOf,
  establishedOf,
  type State,
  stateTitle,
} from "../../src/bgp/session/state.ts";
import { transition } from "../../src/bgp/session/transition.ts";
import type { Message } from "../../src/bgp/wire/message.ts";
import type { RouterId } from "../../src/net/address.ts";
import { asn } from "../../src/net/asn.ts";
import { connectionId, parameters, peerParameters } from "../support/session.ts";
import { Random } from "./random.ts";

/**
 * Gives the state machine random events for a while, late ones and senseless ones among them, and checks after each what
 * must always hold: no connection is leaked or spoken on after its end, no session is stuck, and up and down alternate.
 *
 *     node test/fuzz/session.ts [MINUTES] [SEED]
 */

const [minutes = 1, seed = 1] = process.argv.slice(2).map(Number);

const peerOpen = ourOpen(peerParameters);

/** A peer that starts again gracefully, before it does and afterwards. */
const restarts = [false, true].map((restarting) =>
  ourOpen({ ...peerParameters, gracefulRestart: "full", restarting }),
);

const messages: readonly Message[] = [
  peerOpen,
  { ...peerOpen, routerId: "0.0.0.0" as RouterId },
  ...restarts,
  { ...peerOpen, holdTime: 0 },
  { ...peerOpen, asn: asn(1) },
  { ...peerOpen, capabilities: [{ type: "multiprotocol", afi: 25, safi: 65 }] },
  { type: "keepalive" },
  { type: "update", withdrawn: [], announced: [], attributes: undefined, endOfRib: 4, errors: [] },
  { type: "notification", code: 6, subcode: 7, data: new Uint8Array() },
  { type: "notification", code: 2, subcode: 1, data: new Uint8Array() },
  { type: "notification", code: 6, subcode: 9, data: Uint8Array.of(6, 9, 6, 2) },
  { type: "routeRefresh", afi: 1, subtype: 0, safi: 1 },
];

function anyParameters(random: Random): SessionParameters {
  return {
    ...parameters,
    routerId: random.pick(["0.0.0.1", "0.0.0.9"]) as RouterId,
    passive: random.below(4) === 0,
    holdTime: random.pick([0, 6, 90]),
    keepaliveTime: 2,
    idleHoldTime: random.pick([0, 0, 5]),
    delayOpenTime: random.pick([0, 0, 2]),
    dampPeerOscillations: random.below(2) === 0,
    collisionDetectEstablished: random.below(2) === 0,
    gracefulRestart: random.pick(["off", "helper", "full"]),
  };
}

/** Whether a peer may come anew while the session is up. */
const mayRestart = (connection: Connection) =>
  connection.phase === "established" && (connection.negotiated.gracefulRestart?.families.length ?? 0) > 0;

/** What the outside of a session knows: what was opened, what runs, whether it is up. */
class Model {
  readonly open = new Set<ConnectionId>();
  readonly timers = new Set<string>();
  readonly #opensSent = new Set<ConnectionId>();
  up = false;
  stopped = true;

  /** @throws if the action makes no sense now */
  carryOut(action: Action): void {
    if ("connection" in action && !this.open.has(action.connection)) {
      throw new Error(`${action.type} on ${action.connection}, which is not open`);
    }
    switch (action.type) {
      case "startTimer":
        this.timers.add(action.timer);
        break;
      case "stopTimer":
        this.timers.delete(action.timer);
        break;
      case "startConnectionTimer":
        this.timers.add(`${action.timer} ${action.connection}`);
        break;
      case "stopConnectionTimer":
        this.timers.delete(`${action.timer} ${action.connection}`);
        break;
      case "close":
        this.forget(action.connection);
        break;
      case "sendOpen":
        if (this.#opensSent.has(action.connection)) throw new Error(`a second OPEN on ${action.connection}`);
        this.#opensSent.add(action.connection);
        break;
      case "sendKeepalive":
        if (!this.#opensSent.has(action.connection)) throw new Error("a KEEPALIVE before the OPEN");
        break;
      case "sessionUp":
      case "sessionDown":
        if (this.up === (action.type === "sessionUp")) throw new Error(`${action.type} twice`);
        this.up = !this.up;
        break;
    }
  }

  forget(connection: ConnectionId): void {
    this.open.delete(connection);
    for (const timer of this.timers) if (timer.endsWith(` ${connection}`)) this.timers.delete(timer);
  }

  /** @throws if the session is not what its actions have made of the world */
  check(state: State, { passive }: SessionParameters): void {
    const connections = connectionsOf(state);
    const known = new Set(connections.map(({ id }) => id));
    if (known.size !== this.open.size) throw new Error(`open are ${[...this.open]}, known ${[...known]}`);
    const ofOneDirection = new Set(connections.map(({ direction }) => direction)).size !== connections.length;
    if (ofOneDirection && !connections.some(mayRestart)) {
      throw new Error("two connections of one direction");
    }
    if (this.up !== (establishedOf(state) !== undefined)) throw new Error(`told up: ${this.up}`);
    for (const { id, phase } of connections) {
      const needed = phase === "open delayed" ? "delayOpen" : phase === "open sent" ? "hold" : undefined;
      if (needed && !this.timers.has(`${needed} ${id}`))
        throw new Error(`${id} may wait forever in ${phase}`);
    }
    const idles = state.name === "idle" && !this.stopped && !this.timers.has("idleHold");
    const waits = (state.name === "connect" || state.name === "active") && !passive;
    if (idles || (waits && !this.timers.has("connectRetry")))
      throw new Error(`nothing wakes it in ${state.name}`);
  }
}

function anyEvent(
  random: Random,
  state: State,
  names: { next: () => ConnectionId; past: ConnectionId[] },
): Event {
  const alive = connectionsOf(state).map(({ id }) => id);
  const some = random.below(8) > 0 && alive.length > 0 ? alive : names.past;
  const connection = some.length > 0 ? random.pick(some) : connectionId("never");
  const data = new Uint8Array();
  return random.pick<() => Event>([
    () => ({ type: "manualStart" }),
    () => ({ type: "manualStart" }),
    () =>
      random.below(6)
        ? { type: "peerDiscovered" }
        : { type: "manualStop", reason: "administrativeShutdown", data },
    () =>
      random.below(6) ? { type: "peerDiscovered" } : { type: "reset", reason: "administrativeReset", data },
    () => ({ type: "connectRetryTimerExpires" }),
    () => ({ type: "idleHoldTimerExpires" }),
    () => ({ type: "stableTimerExpires" }),
    () => ({ type: "dialFails", error: "connect: ECONNREFUSED" }),
    () => ({ type: "outboundConnected", connection: names.next() }),
    () => ({ type: "inboundConnected", connection: names.next() }),
    () => ({ type: "inboundConnected", connection: names.next() }),
    () => ({ type: "holdTimerExpires", connection }),
    () => ({ type: "keepaliveTimerExpires", connection }),
    () => ({ type: "delayOpenTimerExpires", connection }),
    () => ({ type: "sendHoldTimerExpires", connection }),
    () => ({ type: "strangerFound", connection }),
    () => ({ type: "tcpConnectionFails", connection, error: "read: ECONNRESET" }),
    () => ({ type: "message", connection, message: peerOpen }),
    () => ({ type: "message", connection, message: peerOpen }),
    () => ({ type: "message", connection, message: { type: "keepalive" } }),
    () => ({ type: "message", connection, message: { type: "keepalive" } }),
    () => ({ type: "message", connection, message: random.pick(restarts) }),
    () => ({ type: "message", connection, message: random.pick(messages) }),
    () => ({ type: "prefixLimitExceeded", connection, family: 4, limit: 9 }),
    () => ({
      type: "parseError",
      connection,
      error: { reason: "badMessageLength", data, message: "length 1" },
    }),
  ])();
}

/** One session's life of many events. @throws at the first thing that must not be */
function live(random: Random, events: Event[]): void {
  const chosen = anyParameters(random);
  const model = new Model();
  const past: ConnectionId[] = [];
  const next = () => {
    const id = connectionId(`c${past.length}`);
    past.push(id);
    return id;
  };
  let state: State = { name: "idle" };
  for (let count = 0; count < 60; count++) {
    const event = anyEvent(random, state, { next, past });
    events.push(event);
    if (event.type === "inboundConnected" || event.type === "outboundConnected")
      model.open.add(event.connection);
    if (
      event.type === "tcpConnectionFails" &&
      !connectionsOf(state).some(({ id }) => id === event.connection)
    )
      continue;
    if (event.type === "manualStart") model.stopped = false;
    if (event.type === "manualStop") model.stopped = true;
    for (const timer of ["connectRetry", "idleHold"] as const) {
      if (event.type === `${timer}TimerExpires`) model.timers.delete(timer);
    }
    const step = transition(state, event, chosen);
    if (step.path.length > 0 && step.path.at(-1) !== stateTitle(step.state))
      throw new Error("the path ends elsewhere");
    for (const action of step.actions) model.carryOut(action);
    state = step.state;
    model.check(state, chosen);
  }
}

const end = performance.now() + minutes * 60_000;
let runs = 0;
for (; performance.now() < end; runs++) {
  const events: Event[] = [];
  try {
    live(new Random(seed * 1_000_003 + runs), events);
  } catch (error) {
    process.stdout.write(`life ${runs} of seed ${seed}: ${error instanceof Error ? error.message : error}\n`);
    for (const event of events) process.stdout.write(`  ${JSON.stringify(event).slice(0, 160)}\n`);
    process.exit(1);
  }
}
process.stdout.write(`${runs} lives of 60 events, nothing broken (seed ${seed})\n`);
