import t from "tap";
import { connectionsOf, type State } from "../../../src/bgp/session/state.ts";
import { transition } from "../../../src/bgp/session/transition.ts";
import { connectionId, parameters } from "../../support/session.ts";
import { events, outcome, states } from "./every-event.ts";

const collisionInOpenConfirm = {
  "manual start": "=",
  "manual stop":
    "→ idle : administrativeShutdown o, close o, administrativeShutdown c, close c, cancelDial, stop connectRetry",
  reset:
    "→ idle → connect : administrativeReset o, close o, administrativeReset c, close c, cancelDial, start connectRetry, dial",
  "peer discovered": "=",
  "connect retry timer": "=",
  "idle hold timer": "=",
  "stable timer": "=",
  "parameters changed": "=",
  "dial fails": "=",
  "hold timer": "→ open sent : holdTimerExpired c, close c",
  "keepalive timer": ": sendKeepalive c, keepalive 3s",
  "send hold timer": "=",
  stranger: "→ open sent : connectionRejected c, close c",
  "delay open timer": "=",
  "new outbound": ": connectionRejected n, close n",
  "new inbound": ": connectionRejected n, close n",
  "tcp fails": "→ open sent : close c",
  OPEN: "→ open sent : unexpectedInOpenConfirm c, close c",
  "OPEN of a wrong AS": "→ open sent : unexpectedInOpenConfirm c, close c",
  KEEPALIVE: ": hold 6s",
  UPDATE: "→ open sent : unexpectedInOpenConfirm c, close c",
  NOTIFICATION: "→ open sent : close c",
  "NOTIFICATION of a collision": "→ open sent : close c",
  "NOTIFICATION of a rejection": "→ open sent : close c",
  "NOTIFICATION of a version": "→ open sent : close c",
  "ROUTE-REFRESH": "→ open sent : unexpectedInOpenConfirm c, close c",
  "parse error": "→ open sent : badMessageLength c, close c",
};

/**
 * What every event leads to in every state: RFC 4271 §8.2.2, but for these, on purpose:
 * - A failed dial leads to Active, not Idle, and errors lead through Idle to Active: a session heals by itself.
 * - A timer that is not running in a state cannot have expired there; a late word of it is ignored.
 * - What a connection says that the session has closed is ignored.
 * - In a collision an error ends its own connection only, and the session goes on with the other.
 * - In a collision that the peer decides, a KEEPALIVE on our own connection does not end the other one yet (collision.ts).
 */
const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  idle: {
    "manual start": "→ connect : start connectRetry, dial",
    "manual stop": ": stop idleHold",
    reset: "→ connect : stop idleHold, start connectRetry, dial",
    "peer discovered": "=",
    "connect retry timer": "=",
    "idle hold timer": "→ connect : start connectRetry, dial",
    "stable timer": "=",
    "parameters changed": "=",
    "dial fails": "=",
    "hold timer": "=",
    "keepalive timer": "=",
    "send hold timer": "=",
    stranger: "=",
    "delay open timer": "=",
    "new outbound": ": connectionRejected n, close n",
    "new inbound": ": connectionRejected n, close n",
    "tcp fails": "=",
    OPEN: "=",
    "OPEN of a wrong AS": "=",
    KEEPALIVE: "=",
    UPDATE: "=",
    NOTIFICATION: "=",
    "NOTIFICATION of a collision": "=",
    "NOTIFICATION of a rejection": "=",
    "NOTIFICATION of a version": "=",
    "ROUTE-REFRESH": "=",
    "parse error": "=",
  },
  connect: {
    "manual start": "=",
    "manual stop": "→ idle : cancelDial, stop connectRetry",
    reset: "→ idle → connect : cancelDial, start connectRetry, dial",
    "peer discovered": ": start connectRetry, dial",
    "connect retry timer": ": start connectRetry, dial",
    "idle hold timer": "=",
    "stable timer": "=",
    "parameters changed": ": start connectRetry",
    "dial fails": "→ active",
    "hold timer": "=",
    "keepalive timer": "=",
    "send hold timer": "=",
    stranger: "=",
    "delay open timer": "=",
    "new outbound": "→ open sent : stop connectRetry, sendOpen n, hold 6s",
    "new inbound": "→ open sent : stop connectRetry, sendOpen n, hold 6s",
    "tcp fails": "=",
    OPEN: "=",
    "OPEN of a wrong AS": "=",
    KEEPALIVE: "=",
    UPDATE: "=",
    NOTIFICATION: "=",
    "NOTIFICATION of a collision": "=",
    "NOTIFICATION of a rejection": "=",
    "NOTIFICATION of a version": "=",
    "ROUTE-REFRESH": "=",
    "parse error": "=",
  },
  active: {
    "manual start": "=",
    "manual stop": "→ idle : cancelDial, stop connectRetry",
    reset: "→ idle → connect : cancelDial, start connectRetry, dial",
    "peer discovered": "→ connect : start connectRetry, dial",
    "connect retry timer": "→ connect : start connectRetry, dial",
    "idle hold timer": "=",
    "stable timer": "=",
    "parameters changed": "→ connect : start connectRetry, dial",
    "dial fails": "=",
    "hold timer": "=",
    "keepalive timer": "=",
    "send hold timer": "=",
    stranger: "=",
    "delay open timer": "=",
    "new outbound": "→ open sent : stop connectRetry, sendOpen n, hold 6s",
    "new inbound": "→ open sent : stop connectRetry, sendOpen n, hold 6s",
    "tcp fails": "=",
    OPEN: "=",
    "OPEN of a wrong AS": "=",
    KEEPALIVE: "=",
    UPDATE: "=",
    NOTIFICATION: "=",
    "NOTIFICATION of a collision": "=",
    "NOTIFICATION of a rejection": "=",
    "NOTIFICATION of a version": "=",
    "ROUTE-REFRESH": "=",
    "parse error": "=",
  },
  "open delayed": {
    "manual start": "=",
    "manual stop": "→ idle : administrativeShutdown c, close c, cancelDial, stop connectRetry",
    reset: "→ idle → connect : administrativeReset c, close c, cancelDial, start connectRetry, dial",
    "peer discovered": "=",
    "connect retry timer": "=",
    "idle hold timer": "=",
    "stable timer": "=",
    "parameters changed": "=",
    "dial fails": "=",
    "hold timer": "=",
    "keepalive timer": "=",
    "send hold timer": "=",
    stranger: "→ active : connectionRejected c, close c, start connectRetry",
    "delay open timer": "→ open sent : sendOpen c, hold 6s",
    "new outbound": "→ connection collision : stop connectRetry, sendOpen n, hold 6s",
    "new inbound": ": connectionRejected n, close n",
    "tcp fails": "→ active : close c, start connectRetry",
    OPEN: "→ open confirm : cancelDial, stop delayOpen, sendOpen c, sendKeepalive c, hold 6s, keepalive 3s",
    "OPEN of a wrong AS": "→ idle → active : badPeerAs c, close c, cancelDial, start connectRetry",
    KEEPALIVE: "→ idle → active : fsmError c, close c, cancelDial, start connectRetry",
    UPDATE: "→ idle → active : fsmError c, close c, cancelDial, start connectRetry",
    NOTIFICATION: "→ idle → active : close c, cancelDial, start connectRetry",
    "NOTIFICATION of a collision": "→ active : close c, start connectRetry",
    "NOTIFICATION of a rejection": "→ active : close c, start connectRetry",
    "NOTIFICATION of a version": "→ idle → active : close c, cancelDial, start connectRetry",
    "ROUTE-REFRESH": "→ idle → active : fsmError c, close c, cancelDial, start connectRetry",
    "parse error": "→ idle → active : badMessageLength c, close c, cancelDial, start connectRetry",
  },
  "open sent": {
    "manual start": "=",
    "manual stop": "→ idle : administrativeShutdown c, close c, cancelDial, stop connectRetry",
    reset: "→ idle → connect : administrativeReset c, close c, cancelDial, start connectRetry, dial",
    "peer discovered": "=",
    "connect retry timer": "=",
    "idle hold timer": "=",
    "stable timer": "=",
    "parameters changed": "=",
    "dial fails": "=",
    "hold timer": "→ idle → active : holdTimerExpired c, close c, cancelDial, start connectRetry",
    "keepalive timer": "→ idle → active : fsmError c, close c, cancelDial, start connectRetry",
    "send hold timer": "=",
    stranger: "→ active : connectionRejected c, close c, start connectRetry",
    "delay open timer": "=",
    "new outbound": ": connectionRejected n, close n",
    "new inbound": "→ connection collision : stop connectRetry, sendOpen n, hold 6s",
    "tcp fails": "→ active : close c, start connectRetry",
    OPEN: "→ open confirm : sendKeepalive c, hold 6s, keepalive 3s",
    "OPEN of a wrong AS": "→ idle → active : badPeerAs c, close c, cancelDial, start connectRetry",
    KEEPALIVE: "→ idle → active : unexpectedInOpenSent c, close c, cancelDial, start connectRetry",
    UPDATE: "→ idle → active : unexpectedInOpenSent c, close c, cancelDial, start connectRetry",
    NOTIFICATION: "→ idle → active : close c, cancelDial, start connectRetry",
    "NOTIFICATION of a collision": "→ active : close c, start connectRetry",
    "NOTIFICATION of a rejection": "→ active : close c, start connectRetry",
    "NOTIFICATION of a version": "→ idle → active : close c, cancelDial, start connectRetry",
    "ROUTE-REFRESH": "→ idle → active : unexpectedInOpenSent c, close c, cancelDial, start connectRetry",
    "parse error": "→ idle → active : badMessageLength c, close c, cancelDial, start connectRetry",
  },
  "open confirm": {
    "manual start": "=",
    "manual stop": "→ idle : administrativeShutdown c, close c, cancelDial, stop connectRetry",
    reset: "→ idle → connect : administrativeReset c, close c, cancelDial, start connectRetry, dial",
    "peer discovered": "=",
    "connect retry timer": "=",
    "idle hold timer": "=",
    "stable timer": "=",
    "parameters changed": "=",
    "dial fails": "=",
    "hold timer": "→ idle → active : holdTimerExpired c, close c, cancelDial, start connectRetry",
    "keepalive timer": ": sendKeepalive c, keepalive 3s",
    "send hold timer": "=",
    stranger: "→ active : connectionRejected c, close c, start connectRetry",
    "delay open timer": "=",
    "new outbound": ": connectionRejected n, close n",
    "new inbound": "→ connection collision : stop connectRetry, sendOpen n, hold 6s",
    "tcp fails": "→ idle → active : close c, cancelDial, start connectRetry",
    OPEN: "→ idle → active : unexpectedInOpenConfirm c, close c, cancelDial, start connectRetry",
    "OPEN of a wrong AS":
      "→ idle → active : unexpectedInOpenConfirm c, close c, cancelDial, start connectRetry",
    KEEPALIVE: "→ session setup → established : hold 6s, sendHold 480s, sessionUp",
    UPDATE: "→ idle → active : unexpectedInOpenConfirm c, close c, cancelDial, start connectRetry",
    NOTIFICATION: "→ idle → active : close c, cancelDial, start connectRetry",
    "NOTIFICATION of a collision": "→ active : close c, start connectRetry",
    "NOTIFICATION of a rejection": "→ idle → active : close c, cancelDial, start connectRetry",
    "NOTIFICATION of a version": "→ idle → active : close c, cancelDial, start connectRetry",
    "ROUTE-REFRESH": "→ idle → active : unexpectedInOpenConfirm c, close c, cancelDial, start connectRetry",
    "parse error": "→ idle → active : badMessageLength c, close c, cancelDial, start connectRetry",
  },
  "collision in open delayed": {
    "manual start": "=",
    "manual stop":
      "→ idle : administrativeShutdown o, close o, administrativeShutdown c, close c, cancelDial, stop connectRetry",
    reset:
      "→ idle → connect : administrativeReset o, close o, administrativeReset c, close c, cancelDial, start connectRetry, dial",
    "peer discovered": "=",
    "connect retry timer": "=",
    "idle hold timer": "=",
    "stable timer": "=",
    "parameters changed": "=",
    "dial fails": "=",
    "hold timer": "=",
    "keepalive timer": "=",
    "send hold timer": "=",
    stranger: "→ active : connectionRejected c, close c",
    "delay open timer": ": sendOpen c, hold 6s",
    "new outbound": ": connectionRejected n, close n",
    "new inbound": ": connectionRejected n, close n",
    "tcp fails": "→ active : close c",
    OPEN: ": stop delayOpen, sendOpen c, sendKeepalive c, hold 6s, keepalive 3s",
    "OPEN of a wrong AS": "→ active : badPeerAs c, close c",
    KEEPALIVE: "→ active : fsmError c, close c",
    UPDATE: "→ active : fsmError c, close c",
    NOTIFICATION: "→ active : close c",
    "NOTIFICATION of a collision": "→ active : close c",
    "NOTIFICATION of a rejection": "→ active : close c",
    "NOTIFICATION of a version": "→ active : close c",
    "ROUTE-REFRESH": "→ active : fsmError c, close c",
    "parse error": "→ active : badMessageLength c, close c",
  },
  "collision in open sent": {
    "manual start": "=",
    "manual stop":
      "→ idle : administrativeShutdown o, close o, administrativeShutdown c, close c, cancelDial, stop connectRetry",
    reset:
      "→ idle → connect : administrativeReset o, close o, administrativeReset c, close c, cancelDial, start connectRetry, dial",
    "peer discovered": "=",
    "connect retry timer": "=",
    "idle hold timer": "=",
    "stable timer": "=",
    "parameters changed": "=",
    "dial fails": "=",
    "hold timer": "→ open sent : holdTimerExpired c, close c",
    "keepalive timer": "→ open sent : fsmError c, close c",
    "send hold timer": "=",
    stranger: "→ open sent : connectionRejected c, close c",
    "delay open timer": "=",
    "new outbound": ": connectionRejected n, close n",
    "new inbound": ": connectionRejected n, close n",
    "tcp fails": "→ open sent : close c",
    OPEN: ": sendKeepalive c, hold 6s, keepalive 3s",
    "OPEN of a wrong AS": "→ open sent : badPeerAs c, close c",
    KEEPALIVE: "→ open sent : unexpectedInOpenSent c, close c",
    UPDATE: "→ open sent : unexpectedInOpenSent c, close c",
    NOTIFICATION: "→ open sent : close c",
    "NOTIFICATION of a collision": "→ open sent : close c",
    "NOTIFICATION of a rejection": "→ open sent : close c",
    "NOTIFICATION of a version": "→ open sent : close c",
    "ROUTE-REFRESH": "→ open sent : unexpectedInOpenSent c, close c",
    "parse error": "→ open sent : badMessageLength c, close c",
  },
  "collision in open confirm": collisionInOpenConfirm,
  "collision, answered": {
    ...collisionInOpenConfirm,
    UPDATE:
      "→ session setup → established : connectionCollisionResolution o, close o, hold 6s, sendHold 480s, sessionUp, hold 6s, updateReceived",
    "ROUTE-REFRESH":
      "→ session setup → established : connectionCollisionResolution o, close o, hold 6s, sendHold 480s, sessionUp, hold 6s, refreshRequested",
  },
  established: {
    "manual start": "=",
    "manual stop": "→ idle : administrativeShutdown c, close c, sessionDown, cancelDial, stop connectRetry",
    reset:
      "→ idle → connect : administrativeReset c, close c, sessionDown, cancelDial, start connectRetry, dial",
    "peer discovered": "=",
    "connect retry timer": "=",
    "idle hold timer": "=",
    "stable timer": "=",
    "parameters changed": "=",
    "dial fails": "=",
    "hold timer":
      "→ idle → active : holdTimerExpired c, close c, sessionDown, cancelDial, start connectRetry",
    "keepalive timer": ": sendKeepalive c, keepalive 3s",
    "send hold timer":
      "→ idle → active : sendHoldTimerExpired c, close c, sessionDown, cancelDial, start connectRetry",
    stranger: "=",
    "delay open timer": "=",
    "new outbound": ": connectionCollisionResolution n, close n",
    "new inbound": ": connectionCollisionResolution n, close n",
    "tcp fails": "→ idle → active : close c, sessionDown, cancelDial, start connectRetry",
    OPEN: "→ idle → active : unexpectedInEstablished c, close c, sessionDown, cancelDial, start connectRetry",
    "OPEN of a wrong AS":
      "→ idle → active : unexpectedInEstablished c, close c, sessionDown, cancelDial, start connectRetry",
    KEEPALIVE: ": hold 6s",
    UPDATE: ": hold 6s, updateReceived",
    NOTIFICATION: "→ idle → active : close c, sessionDown, cancelDial, start connectRetry",
    "NOTIFICATION of a collision": "→ idle → active : close c, sessionDown, cancelDial, start connectRetry",
    "NOTIFICATION of a rejection": "→ idle → active : close c, sessionDown, cancelDial, start connectRetry",
    "NOTIFICATION of a version": "→ idle → active : close c, sessionDown, cancelDial, start connectRetry",
    "ROUTE-REFRESH": ": hold 6s, refreshRequested",
    "parse error":
      "→ idle → active : badMessageLength c, close c, sessionDown, cancelDial, start connectRetry",
  },
  "collision in established": {
    "manual start": "=",
    "manual stop":
      "→ idle : administrativeShutdown o, close o, administrativeShutdown c, close c, sessionDown, cancelDial, stop connectRetry",
    reset:
      "→ idle → connect : administrativeReset o, close o, administrativeReset c, close c, sessionDown, cancelDial, start connectRetry, dial",
    "peer discovered": "=",
    "connect retry timer": "=",
    "idle hold timer": "=",
    "stable timer": "=",
    "parameters changed": "=",
    "dial fails": "=",
    "hold timer": "→ open sent : holdTimerExpired c, close c, sessionDown",
    "keepalive timer": ": sendKeepalive c, keepalive 3s",
    "send hold timer": "→ open sent : sendHoldTimerExpired c, close c, sessionDown",
    stranger: "=",
    "delay open timer": "=",
    "new outbound": ": connectionRejected n, close n",
    "new inbound": ": connectionRejected n, close n",
    "tcp fails": "→ open sent : close c, sessionDown",
    OPEN: "→ open sent : unexpectedInEstablished c, close c, sessionDown",
    "OPEN of a wrong AS": "→ open sent : unexpectedInEstablished c, close c, sessionDown",
    KEEPALIVE: ": hold 6s",
    UPDATE: ": hold 6s, updateReceived",
    NOTIFICATION: "→ open sent : close c, sessionDown",
    "NOTIFICATION of a collision": "→ open sent : close c, sessionDown",
    "NOTIFICATION of a rejection": "→ open sent : close c, sessionDown",
    "NOTIFICATION of a version": "→ open sent : close c, sessionDown",
    "ROUTE-REFRESH": ": hold 6s, refreshRequested",
    "parse error": "→ open sent : badMessageLength c, close c, sessionDown",
  },
};

for (const [name, state] of Object.entries(states)) {
  t.test(`every event in ${name} (RFC 4271 §8.2.2)`, async (t) => {
    t.strictSame(Object.keys(expected[name] ?? {}), Object.keys(events), "the table is complete");
    for (const [title, event] of Object.entries(events)) {
      t.equal(outcome(transition(state, event, parameters)), expected[name]?.[title], title);
    }
  });
}

t.test(
  "an idle hold time keeps a session in Idle after an error, and a start is not asked for",
  async (t) => {
    const patient = { ...parameters, idleHoldTime: 5 };
    const established = states["established"] as State;
    const failed = transition(
      established,
      { type: "holdTimerExpires", connection: connectionId("c") },
      patient,
    );
    t.equal(failed.state.name, "idle");
    t.match(failed.actions, [
      {},
      {},
      {},
      {},
      {},
      { type: "stopTimer" },
      { type: "startTimer", timer: "idleHold", seconds: 5 },
    ]);
    t.equal(transition(failed.state, { type: "idleHoldTimerExpires" }, patient).state.name, "connect");
  },
);

t.test("a passive session never dials (RFC 4271 §8.1.1)", async (t) => {
  const passive = { ...parameters, passive: true };
  for (const state of Object.values(states)) {
    for (const event of Object.values(events)) {
      const { actions } = transition(state, event, passive);
      t.notMatch(
        actions.map(({ type }) => type),
        ["dial"],
      );
    }
  }
});

t.test("after any two events there are at most two connections, of opposite directions", async (t) => {
  for (const state of Object.values(states)) {
    for (const first of Object.values(events)) {
      for (const second of Object.values(events)) {
        const middle = transition(state, first, parameters).state;
        const connections = connectionsOf(transition(middle, second, parameters).state);
        const directions = connections.map(({ direction }) => direction);
        if (new Set(directions).size !== directions.length) t.fail(`${directions}`);
      }
    }
  }
  t.pass("none has two of one direction");
});
