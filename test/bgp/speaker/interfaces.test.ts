import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import t from "tap";
import { Speaker } from "../../../src/bgp/speaker/speaker.ts";
import { inNetns } from "../../../src/linux/netns.ts";
import { Poller } from "../../../src/linux/poller.ts";
import { addAddress, deleteAddress } from "../../../src/linux/rtnetlink/address.ts";
import { deleteLink, setLinkDown, setLinkUp } from "../../../src/linux/rtnetlink/link.ts";
import { type RouteTarget, RTPROT_FE80 } from "../../../src/linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import { dialTcp } from "../../../src/linux/tcp.ts";
import type { Address } from "../../../src/net/address.ts";
import { pause, systemClock } from "../../../src/std/clock.ts";
import { connect, context, create, deadline, type End, established, session, theirs, up } from "./trio.ts";

/** One speaker, three routers in real namespaces: r1 between r2 and r3, which both are fe80::9. */

const formatTarget = (target: RouteTarget) =>
  target === "blackhole" ? target : target.map(({ gateway, ifindex }) => `${gateway}%${ifindex}`).join();

/** Waits until r1's kernel forwards exactly so. */
async function forwarding(at: End, expected: readonly string[]): Promise<void> {
  const signal = deadline();
  for (;;) {
    using rtnetlink = Rtnetlink.open(at.netns);
    const routes = [...rtnetlink.routes(RTPROT_FE80)].map(
      ({ prefix, target }) => `${prefix} via ${formatTarget(target)}`,
    );
    if (routes.sort().join() === expected.join()) return;
    await pause(systemClock, 10, signal);
  }
}

t.test("peers with the same address on two interfaces are two peers", async (t) => {
  const { config, control, toR2 } = create(t);
  await using _speaker = await Speaker.start(config, context);
  const sessions = await Promise.all(["eth0", "eth1"].map((ifname) => session(control, ifname, established)));
  t.match(sessions, [
    { peerAddress: theirs, peerAsn: 64513, neighbors: [theirs] },
    { peerAddress: theirs, peerAsn: 64514, neighbors: [theirs] },
  ]);
  await forwarding(toR2, ["10.0.2.0/24 via fe80::9%100", "10.0.3.0/24 via fe80::9%101"]);
  t.pass("and so are their routes");
});

t.test("an interface that vanishes and comes back as another brings its session back", async (t) => {
  const { config, control, toR2, atR2 } = create(t);
  await using _speaker = await Speaker.start(config, context);
  const other = await session(control, "eth1", established);
  await session(control, "eth0", up(1));
  {
    using rtnetlink = Rtnetlink.open(toR2.netns);
    rtnetlink.request([deleteLink("eth0")]);
  }
  const gone = await session(control, "eth0", (status) => !established(status));
  t.match(gone, {
    waitingFor: "an interface eth0, which does not exist",
    lastError: "interface eth0 went down",
    neighbors: [],
  });
  const again = [
    { ...toR2, ifindex: 150 },
    { ...atR2, ifindex: 250, mac: "02:fe:80:00:00:05" },
  ] as const;
  connect(...again);
  await session(control, "eth0", up(2));
  await forwarding(toR2, ["10.0.2.0/24 via fe80::9%150", "10.0.3.0/24 via fe80::9%101"]);
  {
    using rtnetlink = Rtnetlink.open(toR2.netns);
    rtnetlink.request([deleteLink("eth0")]);
  }
  connect(...again);
  await session(control, "eth0", up(3));
  t.match(
    await session(control, "eth1", established),
    { connectionId: other.connectionId, establishedCount: 1 },
    "and the other one has not noticed",
  );
});

t.test("a session survives its peer's new address, and dials that one next time", async (t) => {
  const { config, control, atR2 } = create(t);
  await using _speaker = await Speaker.start(config, context);
  const before = await session(control, "eth0", established);
  const renumbered = "fe80::88" as Address;
  using rtnetlink = Rtnetlink.open(atR2.netns);
  rtnetlink.request([addAddress({ ...atR2, address: renumbered, length: 64 })]);
  rtnetlink.request([deleteAddress({ ...atR2, length: 64 })]);
  const after = await session(control, "eth0", ({ neighbors }) => neighbors[0] === renumbered);
  t.match(after, {
    state: "Established",
    connectionId: before.connectionId,
    peerAddress: theirs,
    neighbors: [renumbered],
  });
  rtnetlink.request([setLinkDown("eth0")]);
  await session(control, "eth0", (status) => !established(status));
  rtnetlink.request([setLinkUp("eth0"), addAddress({ ...atR2, address: renumbered, length: 64 })]);
  t.match(await session(control, "eth0", up(2)), { peerAddress: renumbered });
});

/** TCP connections of a namespace, listeners left out: a line each of `/proc/net/tcp6`. */
function connectionsIn(path: string): string[] {
  const LISTEN = "0A";
  const table = inNetns(path, () => readFileSync("/proc/thread-self/net/tcp6", "utf8"));
  const lines = table.trim().split("\n").slice(1);
  return lines.filter((line) => line.trim().split(/\s+/)[3] !== LISTEN);
}

t.test(
  "connections that nobody wants, and those of an interface that went down, leave nothing",
  async (t) => {
    const { config, control, toR2, atR2 } = create(t);
    const [r1] = config.routers;
    const deaf = r1 && { ...r1, sessions: r1.sessions.filter(({ ifname }) => ifname === "eth1") };
    await using _speaker = await Speaker.start({ control, routers: deaf ? [deaf] : [] }, context);
    using poller = new Poller();
    const target = { netns: atR2.netns, ifindex: atR2.ifindex, address: toR2.address, port: 179 };
    const stranger = new Socket({
      fd: await dialTcp(target, { poller, signal: deadline() }),
      readable: true,
    });
    t.teardown(() => stranger.destroy());
    // It hears that it is not wanted, but does not go.
    await new Promise((resolve) => stranger.once("data", resolve));
    using rtnetlink = Rtnetlink.open(toR2.netns);
    rtnetlink.request([setLinkDown("eth0")]);
    const signal = deadline();
    while (connectionsIn(toR2.netns).length > 0) await pause(systemClock, 10, signal);
    t.strictSame(connectionsIn(toR2.netns), []);
  },
);
