import t, { type Test } from "tap";
import type { Event } from "../../../src/bgp/session/event.ts";
import { ourOpen, type SessionParameters } from "../../../src/bgp/session/parameters.ts";
import { type ConnectionId, connectionsOf, type State, stateTitle } from "../../../src/bgp/session/state.ts";
import { transition } from "../../../src/bgp/session/transition.ts";
import { notificationReasons } from "../../../src/bgp/wire/notification.ts";
import type { RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { connectionId, parameters, peerParameters } from "../../support/session.ts";
import { byTheBook } from "./by-the-book.ts";

type End = "a" | "b";
type Inbox = Record<ConnectionId, Event[]>;

/** Two ends and all that is on its way between them: one point in the space of everything that may happen. */
interface World {
  readonly states: Record<End, State>;
  /** Dials whose handshake is not done; the connection has its dialer's name. */
  readonly dials: readonly End[];
  /** What each end has still to hear on each connection, in order. */
  readonly inboxes: Record<End, Inbox>;
}

/** How an end is configured, and how it reacts. */
interface Make {
  readonly parameters: SessionParameters;
  readonly react: typeof transition;
}

type Ends = Record<End, Make>;

const ours = (parameters: SessionParameters): Make => ({ parameters, react: transition });

const other = (end: End): End => (end === "a" ? "b" : "a");

/** One end's event, with all its effects on the world. A copy; the given world stays as it is. */
function deliver(world: World, end: End, event: Event, of: Ends): World {
  const next = structuredClone(world) as World & { dials: End[] };
  const { parameters, react } = of[end];
  const step = react(next.states[end], event, parameters);
  next.states[end] = step.state;
  const tell = (connection: ConnectionId, told: Event) => next.inboxes[other(end)][connection]?.push(told);
  for (const action of step.actions) {
    switch (action.type) {
      case "dial":
        next.dials.push(end);
        break;
      case "cancelDial": {
        next.dials = next.dials.filter((dialer) => dialer !== end);
        const mine = connectionId(end);
        const undelivered = next.inboxes[end][mine]?.[0]?.type === "outboundConnected";
        if (undelivered) {
          delete next.inboxes[end][mine];
          tell(mine, { type: "tcpConnectionFails", connection: mine, error: "closed" });
        }
        break;
      }
      case "sendOpen":
        tell(action.connection, {
          type: "message",
          connection: action.connection,
          message: ourOpen(parameters),
        });
        break;
      case "sendKeepalive":
        tell(action.connection, {
          type: "message",
          connection: action.connection,
          message: { type: "keepalive" },
        });
        break;
      case "sendNotification": {
        const [code, subcode] = notificationReasons[action.reason];
        const message = { type: "notification", code, subcode, data: action.data } as const;
        tell(action.connection, { type: "message", connection: action.connection, message });
        break;
      }
      case "close":
        delete next.inboxes[end][action.connection];
        tell(action.connection, {
          type: "tcpConnectionFails",
          connection: action.connection,
          error: "closed",
        });
        break;
    }
  }
  return next;
}

/** Every world that may come next. */
function* successors(world: World, of: Ends): Generator<World> {
  for (const dialer of world.dials) {
    const next = structuredClone(world) as World & { dials: End[] };
    const connection = connectionId(dialer);
    next.dials = next.dials.filter((end) => end !== dialer);
    next.inboxes[dialer][connection] = [{ type: "outboundConnected", connection }];
    next.inboxes[other(dialer)][connection] = [{ type: "inboundConnected", connection }];
    yield next;
  }
  for (const end of ["a", "b"] as const) {
    for (const { id: connection, phase } of connectionsOf(world.states[end])) {
      if (phase === "open delayed")
        yield deliver(world, end, { type: "delayOpenTimerExpires", connection }, of);
    }
    for (const [connection, [event, ...rest]] of Object.entries(world.inboxes[end])) {
      if (!event) continue;
      const heard = structuredClone(world);
      heard.inboxes[end][connectionId(connection)] = rest;
      yield deliver(heard, end, event, of);
    }
  }
}

/** Walks through all orders of dial, accept, OPEN and KEEPALIVE; gives each world in which nothing more can happen. */
function* endings(of: Ends): Generator<World> {
  const idle: World = {
    states: { a: { name: "idle" }, b: { name: "idle" } },
    dials: [],
    inboxes: { a: {}, b: {} },
  };
  const seen = new Set<string>();
  const open = [deliver(deliver(idle, "a", { type: "manualStart" }, of), "b", { type: "manualStart" }, of)];
  for (let world = open.pop(); world; world = open.pop()) {
    const key = JSON.stringify(world);
    if (seen.has(key)) continue;
    seen.add(key);
    const next = [...successors(world, of)];
    if (next.length === 0) yield world;
    open.push(...next);
  }
}

const cases: { name: string; of: Record<End, SessionParameters> }[] = [
  { name: "a lower than b", of: { a: parameters, b: peerParameters } },
  {
    name: "equal identifiers, decided by the AS number (RFC 6286 §2.3)",
    of: { a: parameters, b: { ...peerParameters, routerId: parameters.routerId } },
  },
  {
    name: "one AS",
    of: {
      a: { ...parameters, remoteAs: asn(64512) },
      b: { ...parameters, routerId: "0.0.0.9" as RouterId, remoteAs: asn(64512) },
    },
  },
];

const options: { name: string; a?: Partial<SessionParameters>; b?: Partial<SessionParameters> }[] = [
  { name: "" },
  { name: ", the first delaying its OPEN", a: { delayOpenTime: 1 } },
  { name: ", the second delaying its OPEN", b: { delayOpenTime: 1 } },
  { name: ", both delaying their OPENs", a: { delayOpenTime: 1 }, b: { delayOpenTime: 1 } },
  { name: ", the first with detection in Established", a: { collisionDetectEstablished: true } },
  { name: ", the second with detection in Established", b: { collisionDetectEstablished: true } },
  {
    name: ", both with delays and detection in Established",
    a: { collisionDetectEstablished: true, delayOpenTime: 1 },
    b: { collisionDetectEstablished: true, delayOpenTime: 1 },
  },
  {
    name: ", both with an idle hold time and damping",
    a: { idleHoldTime: 5, dampPeerOscillations: true },
    b: { idleHoldTime: 5, dampPeerOscillations: true },
  },
];

const allCases = cases.flatMap((base) =>
  options.map(({ name, a, b }) => ({
    name: base.name + name,
    of: { a: { ...base.of.a, ...a }, b: { ...base.of.b, ...b } },
  })),
);

function endInOneSession(t: Test, of: Ends): void {
  let count = 0;
  for (const { states } of endings(of)) {
    count++;
    t.equal(stateTitle(states.a), "established");
    t.equal(stateTitle(states.b), "established");
    const [a, b] = [connectionsOf(states.a), connectionsOf(states.b)];
    t.strictSame(
      a.map(({ id }) => id),
      b.map(({ id }) => id),
      "on the same connection",
    );
  }
  t.ok(count > 1, `${count} different endings`);
}

for (const { name, of } of allCases) {
  t.test(
    `every order of a collision leaves one session on one connection: ${name} (RFC 4271 §6.8)`,
    async (t) => {
      endInOneSession(t, { a: ours(of.a), b: ours(of.b) });
    },
  );
}

const [bird, frr] = [byTheBook(["open confirm"]), byTheBook(["open sent", "open confirm"])];

const withOthers: { name: string; of: Ends }[] = [
  {
    name: "the peer decides, by connections in OpenConfirm as BIRD does",
    of: { a: ours(parameters), b: { parameters: peerParameters, react: bird } },
  },
  {
    name: "the peer decides, by those in OpenSent, too, as FRR does",
    of: { a: ours(parameters), b: { parameters: peerParameters, react: frr } },
  },
  {
    name: "the peer decides, and our OPEN is delayed",
    of: { a: ours({ ...parameters, delayOpenTime: 1 }), b: { parameters: peerParameters, react: bird } },
  },
  { name: "we decide", of: { a: { parameters, react: bird }, b: ours(peerParameters) } },
  {
    name: "we decide, and our OPEN is delayed",
    of: { a: { parameters, react: bird }, b: ours({ ...peerParameters, delayOpenTime: 1 }) },
  },
];

for (const { name, of } of withOthers) {
  t.test(`so does every order of one with another make: ${name}`, async (t) => endInOneSession(t, of));
}
