import t from "tap";
import { MemoryLab } from "../../support/memory-lab.ts";
import { reconfigure, reconfigureSession, removeSession } from "../../support/reconfigure.ts";

/** Changes of a running speaker: each takes effect, and is seen to. */

const locRib = { router: "r1", prefix: null, table: "locRib", session: null } as const;

/** Long enough for everything that does not wait for a timer. */
const SOON_MS = 50;

/** A lab of routers in a chain, Established. */
function established(size = 2): MemoryLab {
  const lab = new MemoryLab(size);
  lab.start();
  lab.clock.advance(SOON_MS);
  return lab;
}

function configure(lab: MemoryLab, change: object, number = 1, session = "eth1") {
  return reconfigureSession(lab.member(number).router, session, change);
}

/** Log lines of a router's messages, `recv` or `send`, that hold a text. */
function messages(lab: MemoryLab, number: number, text: string): string[] {
  return lab
    .member(number)
    .log.flatMap(({ msg = "", message_contents: contents = "" }) =>
      contents.includes(text) ? [`${msg.slice(0, 4)} ${contents}`] : [],
    );
}

t.test(
  "a reset is seen to re-establish: another connection, a higher count, and Idle in between",
  async (t) => {
    const lab = established();
    const before = lab.session(1, "eth1");
    t.strictSame(
      lab
        .member(1)
        .router.execute({ type: "reset", router: "r1", session: "eth1", communication: "new cables" }),
      { effects: ["reset"] },
    );
    t.not(lab.session(1, "eth1").state, "Established");
    lab.clock.advance(SOON_MS);
    t.equal(
      lab.session(2, "eth0").lastError,
      'received NOTIFICATION 6/4 (administrative reset): "new cables"',
      "the peer hears why (RFC 9003)",
    );
    lab.clock.advance(2_000);
    for (const [number, ifname] of [
      [1, "eth1"],
      [2, "eth0"],
    ] as const) {
      const after = lab.session(number, ifname);
      t.match(after, { state: "Established", establishedCount: 2 });
      t.not(after.connectionId, before.connectionId);
      t.ok(after.history.some(({ from, to }) => from === "Established" && to === "Idle"));
    }
    t.strictSame(lab.forwarding(1), { "10.0.2.0/24": "fe80::2%1" });
  },
);

t.test(
  "what the OPENs say changes with a reset of its own: Cease/Other Configuration Change (RFC 4486)",
  async (t) => {
    const cases = [
      { change: { timers: { holdTime: 3, keepaliveTime: 1 } }, seen: { holdTime: 3 } },
      { change: { families: [6] }, seen: { families: [6] } },
      { change: { role: "customer" }, seen: { state: "Established" } },
      { change: { remoteAs: "external" }, seen: { state: "Established" } },
      { change: { addPath: "both" }, seen: { state: "Established" } },
      { change: { gracefulRestart: "full" }, seen: { state: "Established" } },
    ];
    for (const { change, seen } of cases) {
      const lab = established();
      t.strictSame(configure(lab, change), { effects: ["reset"] });
      lab.clock.advance(SOON_MS);
      t.ok(messages(lab, 2, "6/6 (other configuration change)").length > 0);
      lab.clock.advance(2_000);
      t.match(lab.session(1, "eth1"), { ...seen, establishedCount: 2 }, JSON.stringify(change));
    }
  },
);

t.test("a peer that is no longer wanted is not let in again, until it is", async (t) => {
  const lab = established();
  configure(lab, { remoteId: "0.0.0.9" });
  lab.clock.advance(5_000);
  t.match(lab.session(2, "eth0").lastError, "received NOTIFICATION 2/3 (bad bgp identifier)");
  configure(lab, { remoteId: null });
  lab.clock.advance(5_000);
  t.match(lab.session(1, "eth1"), { state: "Established", establishedCount: 2 });
});

t.test("MED and communities are advertised anew, without a reset", async (t) => {
  const lab = established(3);
  t.strictSame(configure(lab, { med: 77, communities: ["no-export"] }), { effects: ["readvertise"] });
  lab.clock.advance(SOON_MS);
  t.equal(lab.session(1, "eth1").establishedCount, 1);
  t.strictSame(
    Object.keys(lab.forwarding(3)),
    ["10.0.2.0/24"],
    "r2 keeps to itself what r1 told it not to export",
  );
  configure(lab, { communities: [] });
  lab.clock.advance(SOON_MS);
  t.strictSame(Object.keys(lab.forwarding(3)), ["10.0.1.0/24", "10.0.2.0/24"]);
});

t.test(
  "LOCAL_PREF takes effect on routes that are there already, without asking for them again",
  async (t) => {
    const lab = established();
    const localPref = () =>
      [...(lab.member(1).router.routes(locRib) ?? [])].find(({ peer }) => peer)?.attributes.localPref;
    t.equal(localPref(), undefined);
    t.strictSame(configure(lab, { localPref: 300 }), { effects: ["reimport", "readvertise"] });
    t.equal(localPref(), 300);
    lab.clock.advance(SOON_MS);
    t.strictSame(messages(lab, 2, "subtype: 0 ]"), []);
    t.equal(lab.session(1, "eth1").establishedCount, 1);
  },
);

t.test("other policies judge what is there already, and peers hear the difference", async (t) => {
  const lab = established(3);
  const { router } = lab.member(2);
  const change = (policies: object, named: Record<string, object>) =>
    reconfigure(router, {
      policies,
      sessions: router.config.sessions.map((session) => ({ ...session, ...named[session.ifname] })),
    });
  const none = { nothing: [{ action: "reject" }] };
  t.strictSame(change(none, { eth0: { importPolicy: "nothing" } }), { effects: ["reimport"] });
  lab.clock.advance(SOON_MS);
  t.strictSame(Object.keys(lab.forwarding(3)), ["10.0.2.0/24"]);
  t.match(change({}, {}), { mistakes: [/nothing/] }, "a session has it");
  t.strictSame(change({}, { eth0: { importPolicy: null } }), { effects: ["reimport"] });
  t.strictSame(change(none, { eth1: { exportPolicy: "nothing" } }), { effects: ["readvertise"] });
  lab.clock.advance(SOON_MS);
  t.strictSame(lab.forwarding(3), {});
  t.strictSame(Object.keys(lab.forwarding(2)), ["10.0.1.0/24", "10.0.3.0/24"]);
  const all = { nothing: [{ action: "accept" }] };
  t.strictSame(change(all, {}), { effects: ["readvertise"] });
  lab.clock.advance(SOON_MS);
  t.strictSame(Object.keys(lab.forwarding(3)), ["10.0.1.0/24", "10.0.2.0/24"]);
  t.equal(lab.session(3, "eth0").establishedCount, 1);
});

t.test("a session that becomes passive stops dialing, and one that is no longer dials at once", async (t) => {
  const lab = new MemoryLab(2);
  lab.member(1).router.start();
  lab.clock.advance(SOON_MS);
  t.strictSame(configure(lab, { passive: true }), { effects: ["live"] });
  t.match(lab.session(1, "eth1"), { state: "Active" });
  configure(lab, { passive: true }, 2, "eth0");
  lab.member(2).router.start();
  lab.clock.advance(60_000);
  t.not(lab.session(1, "eth1").state, "Established", "two passive ends never meet");
  configure(lab, { passive: false });
  lab.clock.advance(SOON_MS);
  t.match(lab.session(1, "eth1"), { state: "Established", direction: "outbound" });
});

t.test("a connect retry time holds from the next dial on, however long the last one was", async (t) => {
  const lab = new MemoryLab(2);
  lab.member(1).router.start();
  lab.clock.advance(SOON_MS);
  configure(lab, { timers: { connectRetryTime: 600 } });
  t.strictSame(configure(lab, { timers: { connectRetryTime: 2 } }), { effects: ["live"] });
  const skipped = () =>
    lab.member(1).log.filter(({ event }) => event === "connect retry timer expires").length;
  const count = skipped();
  lab.clock.advance(6_500);
  t.equal(skipped() - count, 3);
});

t.test("a change that is none changes nothing", async (t) => {
  const lab = established();
  t.match(configure(lab, { timers: { keepaliveTime: 6 } }), { mistakes: [/keepalive time 6 is not below/] });
  t.strictSame(configure(lab, {}), { effects: [] });
  lab.clock.advance(SOON_MS);
  t.equal(lab.session(1, "eth1").establishedCount, 1);
});

t.test("a session that is removed says Cease/Peer De-configured, and is gone (RFC 4486)", async (t) => {
  const lab = established();
  t.strictSame(removeSession(lab.member(1).router, "eth1"), { effects: ["reset"] });
  lab.clock.advance(SOON_MS);
  t.match(lab.session(2, "eth0"), { lastError: "received NOTIFICATION 6/3 (peer deconfigured)" });
  t.strictSame(lab.member(1).router.status.sessions, []);
  t.strictSame(lab.forwarding(1), {});
  lab.clock.advance(5_000);
  t.match(lab.session(2, "eth0").lastError, "received NOTIFICATION 6/5 (connection rejected)");
});

t.test(
  "a session that damps its oscillations stays in Idle for longer each time (RFC 4271 §8.1.1)",
  async (t) => {
    const lab = established();
    configure(lab, { dampPeerOscillations: true });
    configure(lab, { remoteId: "0.0.0.9" });
    lab.clock.advance(200_000);
    const failures = lab
      .session(1, "eth1")
      .history.filter(({ to, event }) => to === "Idle" && event === "open message")
      .map(({ time }) => Date.parse(time));
    const gaps = failures.slice(1).map((time, index) => Math.floor((time - (failures[index] ?? 0)) / 1000));
    t.strictSame(gaps.slice(0, 4), [1, 2, 4, 8]);
  },
);

t.test(
  "an OPEN is delayed for as long as it was told, or until the peer's is there (RFC 4271 §8.1.1)",
  async (t) => {
    const lab = new MemoryLab(2);
    for (const [number, ifname] of [
      [1, "eth1"],
      [2, "eth0"],
    ] as const) {
      configure(lab, { timers: { delayOpenTime: 4 } }, number, ifname);
    }
    lab.start();
    lab.clock.advance(3_900);
    t.match(lab.session(1, "eth1"), {
      waitingFor: /^the peer's OPEN, or the delay open timer \(0\.\d s left\)$/,
    });
    lab.clock.advance(200);
    t.equal(lab.session(1, "eth1").state, "Established");
    t.equal(lab.session(2, "eth0").state, "Established");
  },
);

t.test("a new export list tells the peer just the difference, without a reset", async (t) => {
  const lab = established(3);
  const count = () => messages(lab, 3, "Update").length;
  const before = count();
  t.strictSame(configure(lab, { exportPrefixes: ["10.0.1.0/24"] }, 2, "eth1"), { effects: ["readvertise"] });
  lab.clock.advance(SOON_MS);
  t.strictSame(Object.keys(lab.forwarding(3)), ["10.0.1.0/24"]);
  t.equal(count() - before, 1);
  t.match(messages(lab, 3, "withdrawn: [ 10.0.2.0/24 ]"), [/^recv/]);
  configure(lab, { exportPrefixes: null }, 2, "eth1");
  lab.clock.advance(SOON_MS);
  t.strictSame(Object.keys(lab.forwarding(3)), ["10.0.1.0/24", "10.0.2.0/24"]);
  t.equal(count() - before, 2);
  t.equal(lab.session(3, "eth0").establishedCount, 1);
});

t.test(
  "a new import list takes effect on what is there already, and beyond, without a ROUTE-REFRESH",
  async (t) => {
    const lab = established(3);
    const change = { importPrefixes: ["10.0.9.0/24"] };
    t.strictSame(configure(lab, change, 2, "eth0"), { effects: ["reimport"] });
    lab.clock.advance(SOON_MS);
    t.strictSame(Object.keys(lab.forwarding(2)), ["10.0.3.0/24"]);
    t.strictSame(Object.keys(lab.forwarding(3)), ["10.0.2.0/24"]);
    configure(lab, { importPrefixes: null }, 2, "eth0");
    lab.clock.advance(SOON_MS);
    t.strictSame(Object.keys(lab.forwarding(3)), ["10.0.1.0/24", "10.0.2.0/24"]);
    t.equal(lab.session(2, "eth0").establishedCount, 1);
    t.match(configure(lab, { importPrefixes: ["10.0.9.1/24"] }, 2, "eth0"), {
      mistakes: [/beyond its length/],
    });
  },
);

t.test("another next hop is advertised anew; one that leads nowhere is not used", async (t) => {
  const lab = established();
  const change = { nextHop: { ipv4: "fe80::77" } };
  t.strictSame(configure(lab, change), { effects: ["readvertise"] });
  lab.clock.advance(SOON_MS);
  t.strictSame(lab.forwarding(2), { "10.0.1.0/24": "fe80::77%1" });
  for (const ipv4 of ["2001:db8::1", "fe80::2"]) {
    configure(lab, { nextHop: { ipv4 } });
    lab.clock.advance(SOON_MS);
    t.strictSame(lab.forwarding(2), {}, "no link-local address, or the peer's own");
  }
  configure(lab, { nextHop: null });
  lab.clock.advance(SOON_MS);
  t.strictSame(lab.forwarding(2), { "10.0.1.0/24": "fe80::1%1" });
  for (const ipv6 of ["10.0.0.1", "ff02::1", "::", "nowhere"]) {
    t.match(configure(lab, { nextHop: { ipv6 } }), { mistakes: [/cannot be an IPv6 next hop/] });
  }
});

t.test("the router lifetime changes while a session stays up", async (t) => {
  const lab = established();
  t.strictSame(configure(lab, { routerLifetime: 1800 }), { effects: ["live"] });
  lab.clock.advance(30_000);
  configure(lab, { routerLifetime: 0 });
  lab.clock.advance(60_000);
  t.match(lab.session(2, "eth0"), { state: "Established", establishedCount: 1, neighbors: ["fe80::1"] });
  t.match(configure(lab, { routerLifetime: 9 }), { mistakes: [/router lifetime 9 is not allowed/] });
});
