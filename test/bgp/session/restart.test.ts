import t from "tap";
import type { Action } from "../../../src/bgp/session/action.ts";
import type { Event } from "../../../src/bgp/session/event.ts";
import { negotiate } from "../../../src/bgp/session/negotiation.ts";
import { ourOpen, type SessionParameters } from "../../../src/bgp/session/parameters.ts";
import type { State } from "../../../src/bgp/session/state.ts";
import { transition } from "../../../src/bgp/session/transition.ts";
import type { Open } from "../../../src/bgp/wire/message.ts";
import { connectionId, parameters, peerParameters } from "../../support/session.ts";

const full: SessionParameters = { ...parameters, gracefulRestart: "full" };
const peerFull: SessionParameters = { ...peerParameters, gracefulRestart: "full", restartTime: 90 };

const connection = connectionId("a");

/** Our end of a session that is up. */
function established(ours: SessionParameters, theirs: Open): State {
  const negotiated = negotiate(theirs, ours);
  if ("reason" in negotiated) throw new Error(negotiated.message);
  return {
    name: "connected",
    connection: { id: connection, direction: "outbound", phase: "established", negotiated },
  };
}

function kept(ours: SessionParameters, theirs: SessionParameters, event: Event) {
  const { actions } = transition(established(ours, ourOpen(theirs)), event, ours);
  const down = actions.find((action) => action.type === "sessionDown");
  if (!down) throw new Error("the session did not go down");
  return { kept: down.kept, sent: sent(actions) };
}

const sent = (actions: readonly Action[]) =>
  actions.flatMap((action) => (action.type === "sendNotification" ? [action.reason] : []));

const lost: Event = { type: "tcpConnectionFails", connection, error: "read: ECONNRESET" };
const all = { families: [4, 6], seconds: 90 };

t.test(
  "what a peer told is kept when its connection is lost, if it asked for that (RFC 4724 §4.2)",
  async (t) => {
    t.strictSame(kept(full, peerFull, lost).kept, all);
    t.strictSame(kept({ ...full, gracefulRestart: "helper" }, peerFull, lost).kept, all);
    t.strictSame(kept({ ...full, families: [6] }, peerFull, lost).kept, { families: [6], seconds: 90 });
    t.equal(kept({ ...full, gracefulRestart: "off" }, peerFull, lost).kept, undefined);
    t.equal(kept(full, { ...peerFull, gracefulRestart: "helper" }, lost).kept, undefined);
    t.equal(kept(full, { ...peerFull, gracefulRestart: "off" }, lost).kept, undefined);
    t.equal(kept(full, { ...peerFull, restartTime: 0 }, lost).kept, undefined);
  },
);

t.test("nothing is kept over an interface that is down: packets would go nowhere", async (t) => {
  t.equal(kept(full, peerFull, { ...lost, interfaceDown: true }).kept, undefined);
});

t.test("a NOTIFICATION ends a session as gracefully as a loss if both ends say so (RFC 8538)", async (t) => {
  const received = (code: number, subcode: number): Event => ({
    type: "message",
    connection,
    message: { type: "notification", code, subcode, data: Uint8Array.of(6, 2) },
  });
  t.strictSame(kept(full, peerFull, received(4, 0)).kept, all);
  t.equal(kept(full, peerFull, received(6, 9)).kept, undefined, "a hard reset");
  t.strictSame(kept(full, peerFull, { type: "holdTimerExpires", connection }), {
    kept: all,
    sent: ["holdTimerExpired"],
  });
  const withoutNotification = ourOpen(peerFull);
  const capabilities = withoutNotification.capabilities.map((capability) =>
    capability.type === "gracefulRestart" ? { ...capability, notification: false } : capability,
  );
  const state = established(full, { ...withoutNotification, capabilities });
  for (const event of [received(4, 0), { type: "holdTimerExpires", connection } as const]) {
    const down = transition(state, event, full).actions.find(({ type }) => type === "sessionDown");
    t.strictSame(down, { type: "sessionDown", kept: undefined });
  }
});

t.test("an end that is meant is a hard reset, which says what is in it (RFC 8538 §3.1)", async (t) => {
  const stop: Event = { type: "manualStop", reason: "administrativeShutdown", data: Uint8Array.of(1, 65) };
  const { actions } = transition(established(full, ourOpen(peerFull)), stop, full);
  t.match(
    actions.find(({ type }) => type === "sendNotification"),
    { reason: "hardReset", data: Uint8Array.of(6, 2, 1, 65) },
  );
  t.match(
    actions.find(({ type }) => type === "ended"),
    { cause: "sent NOTIFICATION 6/9 (hard reset): administrative shutdown" },
  );
  const helper: SessionParameters = { ...full, gracefulRestart: "helper" };
  t.strictSame(
    kept(helper, peerFull, stop).sent,
    ["administrativeShutdown"],
    "the peer keeps nothing anyway",
  );
});

t.test("a hard reset that was received is told in its own words", async (t) => {
  const message = {
    type: "notification",
    code: 6,
    subcode: 9,
    data: Uint8Array.of(6, 2, 3, 98, 121, 101),
  } as const;
  const { actions } = transition(
    established(full, ourOpen(peerFull)),
    { type: "message", connection, message },
    full,
  );
  t.match(
    actions.find(({ type }) => type === "ended"),
    { cause: 'received NOTIFICATION 6/9 (hard reset): 6/2 (administrative shutdown): "bye"' },
  );
});

t.test("a peer that says it has started again takes the place of what it was (RFC 4724 §4.2)", async (t) => {
  const second = connectionId("b");
  const up = established(full, ourOpen(peerFull));
  const competing = transition(up, { type: "inboundConnected", connection: second }, full);
  t.strictSame(competing.actions.map(({ type }) => type).slice(-2), ["sendOpen", "startConnectionTimer"]);
  const open = (restarting: boolean): Event => ({
    type: "message",
    connection: second,
    message: ourOpen({ ...peerFull, restarting }),
  });
  const restarted = transition(competing.state, open(true), full);
  t.match(restarted.state, { name: "connected", connection: { id: second, phase: "open confirm" } });
  t.match(
    restarted.actions.find(({ type }) => type === "sessionDown"),
    { kept: all },
  );
  t.strictSame(sent(restarted.actions), []);
  const late = transition(competing.state, open(false), full);
  t.match(late.state, { name: "connected", connection: { id: connection, phase: "established" } });
  t.strictSame(sent(late.actions), ["connectionCollisionResolution"], "a dial of its that was overtaken");
});

t.test(
  "too many prefixes end a session with the family and the limit, and it stays in Idle (RFC 4486)",
  async (t) => {
    const event: Event = { type: "prefixLimitExceeded", connection, family: 6, limit: 1000 };
    const { state, actions } = transition(
      established(parameters, ourOpen(peerParameters)),
      event,
      parameters,
    );
    t.match(state, { name: "idle" });
    t.match(
      actions.find(({ type }) => type === "sendNotification"),
      { reason: "maximumPrefixes", data: Uint8Array.of(0, 2, 1, 0, 0, 3, 232) },
    );
    t.match(
      actions.find(({ type }) => type === "startTimer"),
      { timer: "idleHold", seconds: 60 },
    );
  },
);

t.test("ADD-PATH goes where one end sends and the other receives (RFC 7911 §4)", async (t) => {
  const modes = ["off", "receive", "send", "both"] as const;
  const found = modes.flatMap((ours) =>
    modes.map((theirs) => {
      const result = negotiate(ourOpen({ ...peerParameters, addPath: theirs }), {
        ...parameters,
        addPath: ours,
      });
      if ("reason" in result) throw new Error(result.message);
      const { receive, send } = result.encoding.addPath;
      return `${ours} ${theirs}: ${receive.length > 0 ? "<" : ""}${send.length > 0 ? ">" : ""}`;
    }),
  );
  t.strictSame(
    found.filter((line) => !line.endsWith(": ")),
    [
      "receive send: <",
      "receive both: <",
      "send receive: >",
      "send both: >",
      "both receive: >",
      "both send: <",
      "both both: <>",
    ],
  );
});

t.test("a role counts if both ends have one (RFC 9234 §4.2)", async (t) => {
  const roleOf = (ours: SessionParameters["role"], theirs: SessionParameters["role"]) => {
    const result = negotiate(ourOpen({ ...peerParameters, role: theirs }), { ...parameters, role: ours });
    return "reason" in result ? result.reason : result.role;
  };
  t.equal(roleOf("provider", "customer"), "provider");
  t.equal(roleOf("provider", null), null);
  t.equal(roleOf(null, "customer"), null);
});
