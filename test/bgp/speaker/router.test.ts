import t from "tap";
import type { Address } from "../../../src/net/address.ts";
import { MemoryLab } from "../../support/memory-lab.ts";

/** Long enough for everything that does not wait for a timer. */
const SOON_MS = 50;

t.test("two routers find each other, both dial, and one session comes up", async (t) => {
  const lab = new MemoryLab(2);
  lab.start();
  lab.clock.advance(SOON_MS);
  const sessions = [lab.session(1, "eth1"), lab.session(2, "eth0")];
  t.match(sessions, [
    {
      state: "Established",
      peerAsn: 64513,
      peerRouterId: "0.0.0.2",
      peerHostname: "r2",
      peerAddress: "fe80::2",
      waitingFor: null,
    },
    { state: "Established", peerAsn: 64512, peerRouterId: "0.0.0.1", peerAddress: "fe80::1" },
  ]);
  t.strictSame(
    sessions.map(({ direction }) => direction).sort(),
    ["inbound", "outbound"],
    "they are the two ends of one connection",
  );
  t.strictSame(lab.forwarding(1), { "10.0.2.0/24": "fe80::2%1" });
  t.strictSame(lab.forwarding(2), { "10.0.1.0/24": "fe80::1%1" });
});

t.test("the log has the seed's transitions, with its keys and the router's name", async (t) => {
  const lab = new MemoryLab(2);
  lab.start();
  lab.clock.advance(SOON_MS);
  const moves = lab.member(1).log.filter(({ msg }) => msg?.startsWith("fsm transition"));
  t.strictSame(
    moves.map(({ msg }) => msg?.slice("fsm transition ".length)),
    [
      "idle -> connect",
      "connect -> open sent",
      "open sent -> connection collision",
      "connection collision -> open confirm",
      "open confirm -> session setup",
      "session setup -> established",
    ],
  );
  t.match(moves[0], {
    component: "bgp",
    module: "neighbor",
    unit: "session_runner",
    router: "r1",
    neighbor: "eth1",
    neighbor_name: "peer_eth1",
    fsm_state: "idle",
    session_clock: /^SessionClock \{ resolution: .*, connect_retry: Timer \{ interval: 1.000s, enabled: /,
  });
  t.match(
    lab.member(1).log.find(({ msg }) => msg?.startsWith("recv open message")),
    { message: "open message", message_contents: /^Open \[ version: 4, asn: 64513, hold_time: 6, id: 2,/ },
  );
});

t.test("routes travel along a chain, and are withdrawn along it", async (t) => {
  const lab = new MemoryLab(4);
  lab.start();
  lab.clock.advance(SOON_MS);
  t.strictSame(lab.forwarding(1), {
    "10.0.2.0/24": "fe80::2%1",
    "10.0.3.0/24": "fe80::2%1",
    "10.0.4.0/24": "fe80::2%1",
  });
  const far = lab.member(1).router.status.routes.find(({ prefix }) => prefix === "10.0.4.0/24");
  t.match(far, { via: "eth1", asPath: "64513 64514 64515", kernel: "installed", decidedBy: "only route" });
  lab.member(4).host.setRunning("eth0", false);
  lab.clock.advance(SOON_MS);
  t.strictSame(Object.keys(lab.forwarding(1)), ["10.0.2.0/24", "10.0.3.0/24"]);
});

t.test("an interface that goes down ends its session at once, and comes back with it", async (t) => {
  const lab = new MemoryLab(2);
  lab.start();
  lab.clock.advance(SOON_MS);
  const before = lab.session(1, "eth1");
  lab.member(1).host.setRunning("eth1", false);
  t.match(lab.session(1, "eth1"), {
    state: "Active",
    lastError: "interface eth1 went down",
    waitingFor: "interface eth1, which is down or has no carrier",
  });
  t.strictSame(lab.forwarding(1), {});
  lab.member(1).host.setRunning("eth1", true);
  lab.clock.advance(SOON_MS);
  const after = lab.session(1, "eth1");
  t.equal(after.state, "Established");
  t.equal(after.establishedCount, 2);
  t.not(after.connectionId, before.connectionId);
  t.strictSame(lab.forwarding(1), { "10.0.2.0/24": "fe80::2%1" });
});

t.test(
  "silence for the hold time ends a session with 4/0 and takes its routes (RFC 4271 §6.5)",
  async (t) => {
    const lab = new MemoryLab(2);
    lab.start();
    lab.clock.advance(30_000);
    t.equal(lab.session(1, "eth1").establishedCount, 1, "keepalives hold it for as long as they come");
    lab.network.cut(lab.member(2).host);
    lab.clock.advance(2_900);
    t.equal(lab.session(1, "eth1").state, "Established");
    lab.clock.advance(3_200);
    t.not(lab.session(1, "eth1").state, "Established");
    t.match(
      lab.session(1, "eth1").history.find(({ from }) => from === "Established"),
      { to: "Idle", event: "hold timer expires" },
    );
    t.strictSame(lab.forwarding(1), {});
    lab.network.heal(lab.member(2).host);
    lab.clock.advance(3_000);
    t.match(lab.session(1, "eth1"), { state: "Established", establishedCount: 2 });
  },
);

t.test("a session says what it waits for", async (t) => {
  const lab = new MemoryLab(2);
  lab.member(1).router.start();
  t.equal(lab.session(1, "eth1").waitingFor, "a Router Advertisement on eth1");
  lab.clock.advance(SOON_MS);
  t.match(lab.session(1, "eth1"), { state: "Connect", peerAddress: null });
  t.match(lab.session(2, "eth0"), { state: "Idle", waitingFor: "a start" });
  lab.member(2).router.start();
  lab.clock.advance(SOON_MS);
  t.equal(lab.session(1, "eth1").state, "Established");
});

t.test("what the kernel refuses is told, and the rest goes on", async (t) => {
  const lab = new MemoryLab(3);
  lab.member(1).host.refused.add("10.0.2.0/24");
  lab.start();
  lab.clock.advance(SOON_MS);
  const kernel = lab.member(1).router.status.routes.map(({ prefix, kernel }) => `${prefix} ${kernel}`);
  t.strictSame(kernel.sort(), [
    "10.0.1.0/24 connected",
    "10.0.2.0/24 refused: EINVAL",
    "10.0.3.0/24 installed",
  ]);
});

t.test("a router that stops says Cease, and its peer drops its routes (RFC 4486)", async (t) => {
  const lab = new MemoryLab(2);
  lab.start();
  lab.clock.advance(SOON_MS);
  await lab.member(2).router[Symbol.asyncDispose]();
  lab.clock.advance(SOON_MS);
  t.match(lab.session(1, "eth1"), {
    state: "Active",
    lastError: 'received NOTIFICATION 6/2 (administrative shutdown): "the speaker is stopping"',
  });
  t.strictSame(lab.forwarding(1), {});
  lab.clock.advance(1_000);
  t.match(lab.session(1, "eth1").lastError, "connect: ECONNREFUSED");
});

t.test("whoever watches hears of every change of a session and of a best route", async (t) => {
  const lab = new MemoryLab(2);
  lab.start();
  lab.clock.advance(SOON_MS);
  const { events, router } = lab.member(1);
  const sessions = events.flatMap((event) => (event.type === "session" ? [event.session] : []));
  t.strictSame(sessions.at(-1), router.status.sessions[0], "the last word is the state of now");
  const routes = events.flatMap((event) => (event.type === "route" ? [event.route.prefix] : []));
  t.strictSame(routes, ["10.0.1.0/24", "10.0.2.0/24"]);
  lab.member(1).host.setRunning("eth1", false);
  t.match(events.at(-1), { type: "session" });
  t.match(
    events.filter(({ type }) => type === "routeGone"),
    [{ router: "r1", prefix: "10.0.2.0/24" }],
  );
});

/** A Router Advertisement with lifetime 0 and no options. */
const advertisement = Uint8Array.from(Buffer.from("8600000040000000".padEnd(32, "0"), "hex"));

t.test("octets that are no BGP get their NOTIFICATION, and other sessions do not notice", async (t) => {
  const marker = "ff".repeat(16);
  const cases = [
    { name: "garbage", octets: "00".repeat(19), notification: "1/1 (connection not synchronized)" },
    { name: "an oversized length", octets: `${marker}ffff01`, notification: "1/2 (bad message length)" },
    { name: "an unknown type", octets: `${marker}001309`, notification: "1/3 (bad message type)" },
    {
      name: "an UPDATE first",
      octets: `${marker}0017020000 0000`,
      notification: "5/1 (unexpected in open sent)",
    },
    {
      name: "a wrong version",
      octets: `${marker}001d01 03fc01000600000002 00`,
      notification: "2/1 (unsupported version)",
    },
  ];
  for (const { name, octets, notification } of cases) {
    const lab = new MemoryLab(3);
    // In r3's place there is somebody who accepts and says this.
    lab.member(3).host.listen(179, (transport) => {
      transport.listen({ connected: () => {}, received: () => {}, closed: () => {} });
      transport.send(Uint8Array.from(Buffer.from(octets.replaceAll(" ", ""), "hex")));
    });
    lab.member(1).router.start();
    lab.member(2).router.start();
    lab.clock.advance(SOON_MS);
    lab.member(3).host.sendDiscovery({ ifindex: 1, address: "ff02::1" as Address }, advertisement);
    lab.clock.advance(SOON_MS);
    t.match(lab.session(2, "eth1").lastError, `sent NOTIFICATION ${notification}`, name);
    t.equal(lab.session(2, "eth0").state, "Established", `${name}: r1's session`);
  }
});
