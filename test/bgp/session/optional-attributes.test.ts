import fc from "fast-check";
import t from "tap";
import type { Event } from "../../../src/bgp/session/event.ts";
import { idleHoldTime, MAX_DAMPED_TIME } from "../../../src/bgp/session/idle-hold.ts";
import { ourOpen, type SessionParameters } from "../../../src/bgp/session/parameters.ts";
import { type State, stateTitle } from "../../../src/bgp/session/state.ts";
import type { Step } from "../../../src/bgp/session/step.ts";
import { transition } from "../../../src/bgp/session/transition.ts";
import { connectionId, parameters, peerParameters } from "../../support/session.ts";
import { events, outcome, states } from "./every-event.ts";

/** The optional session attributes of RFC 4271 §8.1.1. */

/** What a row of events leads to, one after the other. */
function play(start: State, of: SessionParameters, ...titles: (keyof typeof events)[]): string[] {
  let state = start;
  return titles.map((title) => {
    const step = transition(state, events[title] as Event, of);
    state = step.state;
    return outcome(step);
  });
}

const idle: State = { name: "idle" };
const connect: State = { name: "connect" };
const established = states["established"] as State;
const newcomer = connectionId("n");
const said = (message: Extract<Event, { type: "message" }>["message"]): Event => ({
  type: "message",
  connection: newcomer,
  message,
});

t.test(
  "DelayOpen: a new connection waits in Connect or Active (RFC 4271 §8.2.2, events 16 and 17)",
  async (t) => {
    const delaying = { ...parameters, delayOpenTime: 4 };
    for (const name of ["connect", "active"] as const) {
      for (const event of ["new outbound", "new inbound"] as const) {
        const step = transition({ name }, events[event] as Event, delaying);
        t.equal(outcome(step), ": stop connectRetry, delayOpen 4s", `${event} in ${name}`);
        t.equal(stateTitle(step.state), name);
      }
    }
  },
);

t.test(
  "DelayOpen: our OPEN goes out with the timer, or before our KEEPALIVE when the peer's is there (events 12 and 20)",
  async (t) => {
    const delayed = states["open delayed"] as State;
    t.strictSame(play(delayed, parameters, "delay open timer", "OPEN"), [
      "→ open sent : sendOpen c, hold 6s",
      "→ open confirm : cancelDial, sendKeepalive c, hold 6s, keepalive 3s",
    ]);
    t.strictSame(play(delayed, parameters, "OPEN", "delay open timer", "KEEPALIVE"), [
      "→ open confirm : cancelDial, stop delayOpen, sendOpen c, sendKeepalive c, hold 6s, keepalive 3s",
      "=",
      "→ session setup → established : hold 6s, sendHold 480s, sessionUp",
    ]);
  },
);

const damping = { ...parameters, idleHoldTime: 2, dampPeerOscillations: true };

/** The idle hold time that a failure leads to. */
function heldFor({ actions }: Step): number | undefined {
  return actions.flatMap((action) =>
    action.type === "startTimer" && action.timer === "idleHold" ? [action.seconds] : [],
  )[0];
}

t.test("DampPeerOscillations: each failure in a row doubles the time in Idle, up to a maximum", async (t) => {
  let state = established;
  const times = Array.from({ length: 9 }, () => {
    const step = transition(
      { ...state, ...(established as object) } as State,
      events["hold timer"] as Event,
      damping,
    );
    state = step.state;
    return heldFor(step);
  });
  t.strictSame(times, [2, 4, 8, 16, 32, 64, 120, 120, 120]);
});

t.test(
  "DampPeerOscillations: a session that was up for long, a reset or a stop starts with a clean record",
  async (t) => {
    const failed: State = { ...established, failures: 5 };
    for (const event of ["stable timer", "reset", "manual stop"]) {
      t.equal(transition(failed, events[event] as Event, damping).state.failures, undefined, event);
    }
    t.equal(
      transition({ name: "connect", failures: 5 }, { type: "stableTimerExpires" }, damping).state.failures,
      5,
    );
    const { actions } = transition(states["open confirm"] as State, events["KEEPALIVE"] as Event, damping);
    t.match(
      actions.find(({ type }) => type === "startTimer"),
      { timer: "stable", seconds: MAX_DAMPED_TIME },
    );
  },
);

t.test(
  "an idle hold time never falls short of the configured one, nor grows beyond the maximum",
  async () => {
    const any = fc.record({
      configured: fc.nat(65535),
      failures: fc.integer({ min: 1, max: 5000 }),
      damp: fc.boolean(),
    });
    fc.assert(
      fc.property(any, ({ configured, failures, damp }) => {
        const of = { ...parameters, idleHoldTime: configured, dampPeerOscillations: damp };
        const seconds = idleHoldTime(of, failures);
        return seconds >= configured && seconds <= Math.max(configured, damp ? MAX_DAMPED_TIME : 0);
      }),
    );
  },
);

t.test("timers that may jitter are asked for with their range of factors (RFC 4271 §10)", async (t) => {
  const jittery: SessionParameters = {
    ...damping,
    connectRetryJitter: [0.5, 0.6],
    idleHoldJitter: [0.7, 0.8],
  };
  t.match(transition(idle, { type: "manualStart" }, jittery).actions, [
    { timer: "connectRetry", seconds: 1, jitter: [0.5, 0.6] },
    { type: "dial" },
  ]);
  const { actions } = transition(established, events["hold timer"] as Event, jittery);
  t.match(actions.at(-1), { timer: "idleHold", seconds: 2, jitter: [0.7, 0.8] });
});

const detecting = { ...parameters, collisionDetectEstablished: true };
const arriving = events["new inbound"] as Event;

t.test(
  "CollisionDetectEstablishedState: the dominant end's new connection takes the place of an Established one (RFC 4271 §6.8)",
  async (t) => {
    const met = transition(established, arriving, detecting);
    t.equal(outcome(met), ": stop connectRetry, sendOpen n, hold 6s");
    t.equal(stateTitle(met.state), "established", "which carries on until the newcomer's OPEN is there");
    t.equal(
      outcome(transition(met.state, events["UPDATE"] as Event, detecting)),
      ": hold 6s, updateReceived",
    );
    const opened = transition(met.state, said(ourOpen(peerParameters)), detecting);
    t.equal(
      outcome(opened),
      "→ open confirm : connectionCollisionResolution c, close c, sessionDown, sendKeepalive n, hold 6s, keepalive 3s",
    );
    const up = transition(opened.state, said({ type: "keepalive" }), detecting);
    t.equal(outcome(up), "→ session setup → established : hold 6s, sendHold 480s, sessionUp");
  },
);

t.test(
  "CollisionDetectEstablishedState: an Established connection of the dominant end's stays",
  async (t) => {
    const dominant = { ...detecting, routerId: "0.0.0.9" as typeof parameters.routerId };
    t.equal(
      outcome(transition(established, arriving, dominant)),
      ": connectionCollisionResolution n, close n",
    );
    const met = transition(established, arriving, detecting);
    const lower = ourOpen({ ...peerParameters, routerId: "0.0.0.0" as typeof parameters.routerId });
    t.equal(
      outcome(transition(met.state, said(lower), detecting)),
      ": connectionCollisionResolution n, close n",
      "and so it does if the newcomer turns out to be another than the peer",
    );
  },
);

t.test("new parameters take effect at once on a session that has no connection", async (t) => {
  const passive = { ...parameters, passive: true };
  const changed = events["parameters changed"] as Event;
  t.equal(outcome(transition(connect, changed, passive)), "→ active : cancelDial, stop connectRetry");
  t.equal(outcome(transition({ name: "active" }, changed, passive)), ": cancelDial, stop connectRetry");
  t.equal(
    outcome(transition({ name: "active" }, changed, parameters)),
    "→ connect : start connectRetry, dial",
  );
});

t.test(
  "a peer that turns a connection away is no error of the session: it listens and tries again",
  async (t) => {
    const patient = { ...parameters, idleHoldTime: 60 };
    for (const state of ["open sent", "open delayed"] as const) {
      for (const event of [
        "NOTIFICATION of a rejection",
        "NOTIFICATION of a collision",
        "tcp fails",
      ] as const) {
        t.strictSame(play(states[state] as State, patient, event), [
          "→ active : close c, start connectRetry",
        ]);
      }
    }
  },
);
