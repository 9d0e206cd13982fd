import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { defaultSession, defaultTimers, type RouterConfig } from "../../../src/bgp/config/config.ts";
import { watchStatus } from "../../../src/bgp/control/client.ts";
import type { SessionStatus } from "../../../src/bgp/control/status.ts";
import { Speaker } from "../../../src/bgp/speaker/speaker.ts";
import { FileDescriptor } from "../../../src/linux/file-descriptor.ts";
import { inNetns } from "../../../src/linux/netns.ts";
import { Poller } from "../../../src/linux/poller.ts";
import { addAddress, deleteAddress } from "../../../src/linux/rtnetlink/address.ts";
import { addVeth, deleteLink, setLinkDown, setLinkUp } from "../../../src/linux/rtnetlink/link.ts";
import { RTPROT_FE80 } from "../../../src/linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import { dialTcp } from "../../../src/linux/tcp.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { pause, systemClock } from "../../../src/std/clock.ts";
import { netns } from "../../linux/sandbox.ts";
import { connectionId } from "../../support/session.ts";

/** One speaker, three routers in real namespaces: r1 between r2 and r3, which both are fe80::9. */

const ours = "fe80::1" as Address;
const theirs = "fe80::9" as Address;

interface End {
  readonly netns: string;
  readonly ifname: string;
  readonly ifindex: number;
  readonly mac: string;
  readonly address: Address;
}

/** A veth pair, up and with addresses. */
function connect(a: End, b: End): void {
  {
    using rtnetlink = Rtnetlink.open(a.netns);
    using peerNetns = FileDescriptor.open(b.netns);
    rtnetlink.request([addVeth({ ends: [a, b], mtu: 1500, peerNetnsFd: peerNetns.fd })]);
  }
  for (const { netns, ifname, ...end } of [a, b]) {
    using rtnetlink = Rtnetlink.open(netns);
    rtnetlink.request([setLinkUp("lo"), setLinkUp(ifname), addAddress({ ...end, length: 64 })]);
  }
}

function router(number: number, netns: string, peers: Record<string, number>): RouterConfig {
  return {
    name: `r${number}`,
    netns,
    log: "/dev/null",
    logLevel: "info",
    asn: asn(64511 + number),
    routerId: `0.0.0.${number}` as RouterId,
    originate: [prefix(`10.0.${number}.0/24`)],
    sessions: Object.entries(peers).map(([ifname, peer]) => ({
      ...defaultSession,
      ifname,
      remoteAs: asn(64511 + peer),
      timers: defaultTimers,
    })),
  };
}

/** The lab, with the ends of its links. */
function create(t: Test) {
  const directory = mkdtempSync(join(tmpdir(), "fe80-speaker-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const [r1, r2, r3] = [netns(t), netns(t), netns(t)];
  const toR2 = { netns: r1, ifname: "eth0", ifindex: 100, mac: "02:fe:80:00:00:01", address: ours };
  const toR3 = { netns: r1, ifname: "eth1", ifindex: 101, mac: "02:fe:80:00:00:02", address: ours };
  const atR2 = { netns: r2, ifname: "eth0", ifindex: 200, mac: "02:fe:80:00:00:03", address: theirs };
  const atR3 = { netns: r3, ifname: "eth0", ifindex: 300, mac: "02:fe:80:00:00:04", address: theirs };
  connect(toR2, atR2);
  connect(toR3, atR3);
  const control = join(directory, "control");
  const routers = [
    router(1, r1, { eth0: 2, eth1: 3 }),
    router(2, r2, { eth0: 1 }),
    router(3, r3, { eth0: 1 }),
  ];
  return { config: { control, routers }, control, toR2, toR3, atR2, atR3 };
}

let connections = 0;
const context = {
  clock: systemClock,
  random: () => 0.5,
  hostname: "test",
  pid: process.pid,
  newConnectionId: () => connectionId((++connections).toString(16).padStart(8, "0")),
};

const deadline = () => AbortSignal.timeout(20_000);

/** Waits until r1's session on an interface is as wished. */
async function session(
  control: string,
  ifname: string,
  wished: (status: SessionStatus) => boolean,
): Promise<SessionStatus> {
  for await (const event of watchStatus(control, deadline())) {
    const told = event.type === "status" ? event.sessions : event.type === "session" ? [event.session] : [];
    const found = told.find((status) => status.router === "r1" && status.ifname === ifname && wished(status));
    if (found) return found;
  }
  throw new Error(`the session on ${ifname} never was as wished`);
}

const established = ({ state }: SessionStatus) => state === "Established";
const up =
  (count: number) =>
  (status: SessionStatus): boolean =>
    established(status) && status.establishedCount === count;

/** Waits until r1's kernel forwards exactly so. */
async function forwarding(at: End, expected: readonly string[]): Promise<void> {
  const signal = deadline();
  for (;;) {
    using rtnetlink = Rtnetlink.open(at.netns);
    const routes = rtnetlink
      .routes(RTPROT_FE80)
      .map((route) => `${route.prefix} via ${route.gateway}%${route.ifindex}`);
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
