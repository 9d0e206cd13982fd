import t from "tap";
import { MemoryLab } from "../../support/memory-lab.ts";
import { detailOf, seedSession } from "../../support/session-detail.ts";

/** Long enough for everything that does not wait for a timer. */
const SOON_MS = 50;

t.test("a session counts its messages and connections", async (t) => {
  const { counters, establishedCount, messages } = seedSession();
  t.match(counters, {
    opensSent: 2,
    updatesSent: 3,
    updatesReceived: 3,
    connectionsAccepted: 1,
    connectionsDialed: 1,
    connectionsRefused: 0,
    malformedReceived: 0,
    holdTimerExpirations: 0,
    transitionsToEstablished: 1,
    transitionsToIdle: 0,
  });
  t.equal(counters.keepalivesReceived, 4, "one for the OPEN, and one in three seconds");
  t.ok(counters.octetsReceived > 29 + 4 * 19);
  t.equal(establishedCount, 1);
  const told = (direction: string, message: string) =>
    messages.filter((record) => record.direction === direction && record.message === message).length;
  t.strictSame(
    [told("received", "open"), told("sent", "notification"), told("received", "notification")],
    [counters.opensReceived, counters.notificationsSent, counters.notificationsReceived],
    "and remembers as many",
  );
});

t.test("timers are told with what is configured, what was negotiated and what is left", async (t) => {
  const { timers } = seedSession();
  t.match(timers, {
    connectRetry: { configured: 1, negotiated: null, remaining: null },
    idleHold: { configured: 0, negotiated: null, remaining: null },
    hold: { configured: 6, negotiated: 6 },
    keepalive: { configured: 3, negotiated: 3 },
  });
  t.ok(Number(timers.hold.remaining) > 4 && Number(timers.hold.remaining) < 6);
  t.ok(Number(timers.keepalive.remaining) > 0 && Number(timers.keepalive.remaining) < 3);
});

t.test("both connections of a collision are told of", async (t) => {
  const lab = new MemoryLab(2);
  lab.start();
  let both = detailOf(lab, 1, "eth1");
  for (let ms = 0; ms < SOON_MS && both.connections.length < 2; ms++) {
    lab.clock.advance(1);
    both = detailOf(lab, 1, "eth1");
  }
  t.match(
    both.connections.toSorted((a, b) => a.direction.localeCompare(b.direction)),
    [
      { direction: "inbound", localAddress: "fe80::1", localPort: 179, peerAddress: "fe80::2" },
      { direction: "outbound", localAddress: "fe80::1", peerAddress: "fe80::2", peerPort: 179 },
    ],
  );
  lab.clock.advance(SOON_MS);
  const { connections, connectionId } = detailOf(lab, 1, "eth1");
  t.match(connections, [{ connectionId, state: "Established" }]);
  t.equal(connections.length, 1);
});

t.test(
  "the messages of a session are told in order, without the keepalives that nobody waits for",
  async (t) => {
    const { messages, connectionId, transitions } = seedSession();
    const passed = messages
      .filter((record) => record.connectionId === connectionId)
      .map(({ direction, message }) => `${direction} ${message}`);
    t.strictSame(passed.slice(0, 2).sort(), ["received open", "sent open"]);
    t.equal(passed[2], "received keepalive");
    t.equal(passed.filter((text) => text.endsWith("keepalive")).length, 1);
    t.match(transitions.map(({ from, to, event }) => `${from} -> ${to}: ${event}`).slice(-2), [
      "open confirm -> session setup: keepalive message",
      "session setup -> established: keepalive message",
    ]);
  },
);

t.test("histories keep the last 1,024, and published events stay small", async (t) => {
  const lab = new MemoryLab(2);
  lab.start();
  for (let flap = 0; flap < 300; flap++) {
    lab.clock.advance(SOON_MS);
    lab.member(1).host.setRunning("eth1", false);
    lab.member(1).host.setRunning("eth1", true);
  }
  lab.clock.advance(SOON_MS);
  const { transitions, messages, counters, history } = detailOf(lab, 1, "eth1");
  t.equal(transitions.length, 1024);
  t.equal(messages.filter(({ direction }) => direction === "sent").length, 1024);
  t.equal(messages.filter(({ direction }) => direction === "received").length, 1024);
  t.equal(history.length, 32);
  t.equal(counters.transitionsToEstablished, 301);
  const times = messages.map(({ time }) => time);
  t.strictSame(times, times.toSorted());
  const last = lab.member(1).events.findLast((event) => event.type === "session");
  t.ok(JSON.stringify(last).length < 5000, `${JSON.stringify(last).length} octets`);
});

t.test("what goes wrong is counted", async (t) => {
  const lab = new MemoryLab(2);
  lab.start();
  lab.clock.advance(SOON_MS);
  lab.network.cut(lab.member(2).host);
  lab.clock.advance(7000);
  const { counters, since, lastError } = detailOf(lab, 1, "eth1");
  t.equal(counters.holdTimerExpirations, 1);
  t.equal(counters.transitionsToIdle, 1);
  t.match(lastError, /^sent NOTIFICATION 4\/0/);
  t.match(since, /^2026-01-29T00:00:0[67]/);
});
