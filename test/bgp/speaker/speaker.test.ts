import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import {
  defaultRouter,
  defaultSession,
  defaultTimers,
  type RouterConfig,
} from "../../../src/bgp/config/config.ts";
import { command, watchStatus } from "../../../src/bgp/control/client.ts";
import type { SessionStatus } from "../../../src/bgp/control/status.ts";
import { Speaker, type SpeakerContext } from "../../../src/bgp/speaker/speaker.ts";
import { decodeMessage } from "../../../src/bgp/wire/codec.ts";
import { describeMessage } from "../../../src/bgp/wire/describe.ts";
import { Framer } from "../../../src/bgp/wire/framer.ts";
import { Poller } from "../../../src/linux/poller.ts";
import { setLinkDown, setLinkUp } from "../../../src/linux/rtnetlink/link.ts";
import { type RouteTarget, RTPROT_FE80 } from "../../../src/linux/rtnetlink/route.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import { dialTcp, listenTcp } from "../../../src/linux/tcp.ts";
import type { RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { systemClock } from "../../../src/std/clock.ts";
import { type End, pair } from "../../linux/sandbox.ts";
import { processStatus } from "../../support/process-status.ts";
import { connectionId } from "../../support/session.ts";

/** Speakers in real namespaces, on TCP port 179. */

let connections = 0;
const context: SpeakerContext = {
  clock: systemClock,
  random: () => 1,
  hostname: "test",
  pid: process.pid,
  newConnectionId: () => connectionId((++connections).toString(16).padStart(8, "0")),
  processStatus: () => processStatus,
};

/** The router of one end: r1 is AS 64513 and so on; it expects the others to be 64512 + theirs. */
function router(number: number, { netns, address }: End, directory: string): RouterConfig {
  const remoteAs = asn(64512 + (number === 1 ? 2 : 1));
  const timers = { ...defaultTimers, holdTime: 6, keepaliveTime: 2 };
  return {
    ...defaultRouter,
    name: `r${number}`,
    netns,
    log: join(directory, `r${number}.log`),
    logLevel: "debug",
    asn: asn(64512 + number),
    routerId: `0.0.0.${number}` as RouterId,
    originate: [prefix(`10.0.${number}.0/24`), prefix(`2001:db8:${number}::/48`)],
    sessions: [{ ...defaultSession, ifname: "eth0", linkLocal: address, remoteAs, timers }],
  };
}

function scratch(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), "fe80-speaker-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  return directory;
}

const deadline = () => AbortSignal.timeout(20_000);

/** Waits until a router's session is as wished. */
async function session(
  control: string,
  name: string,
  wished: (status: SessionStatus) => boolean,
): Promise<SessionStatus> {
  for await (const event of watchStatus(control, "all", deadline())) {
    const sessions =
      event.type === "status" ? event.sessions : event.type === "session" ? [event.session] : [];
    const found = sessions.find((status) => status.router === name && wished(status));
    if (found) return found;
  }
  throw new Error(`${name}'s session never was as wished`);
}

const established = ({ state }: SessionStatus) => state === "Established";

/** Waits until a router has so many routes that it did not originate. */
async function learnt(control: string, name: string, count: number): Promise<void> {
  const routes = new Set<string>();
  for await (const event of watchStatus(control, "all", deadline())) {
    const told = event.type === "status" ? event.routes : event.type === "route" ? [event.route] : [];
    for (const { router, prefix, via } of told) if (router === name && via !== null) routes.add(prefix);
    if (routes.size === count) return;
  }
}

const gatewayOf = (target: RouteTarget) => (target === "blackhole" ? target : target[0]?.gateway);

function kernelRoutes({ netns }: End): string[] {
  using rtnetlink = Rtnetlink.open(netns);
  return [...rtnetlink.routes(RTPROT_FE80)].map(({ prefix, target }) => `${prefix} via ${gatewayOf(target)}`);
}

t.test("two speakers in two namespaces meet on port 179, and their kernels forward", async (t) => {
  const directory = scratch(t);
  const [a, b] = pair(t).ends;
  const control = join(directory, "control");
  const routers = [router(1, a, directory), router(2, b, directory)];
  {
    await using _speaker = await Speaker.start({ control, routers }, context);
    await Promise.all([learnt(control, "r1", 2), learnt(control, "r2", 2)]);
    t.match(await session(control, "r1", established), {
      peerAsn: 64514,
      peerAddress: "fe80::2",
      establishedCount: 1,
      families: [4, 6],
    });
    t.strictSame(kernelRoutes(a), ["10.0.2.0/24 via fe80::2", "2001:db8:2::/48 via fe80::2"]);
    t.strictSame(kernelRoutes(b), ["10.0.1.0/24 via fe80::1", "2001:db8:1::/48 via fe80::1"]);
  }
  t.strictSame(kernelRoutes(a), [], "and stop when the speaker ends");
  const lines = readFileSync(join(directory, "r1.log"), "utf8").trim().split("\n");
  t.ok(lines.every((line) => JSON.parse(line).router === "r1"));
});

t.test("an interface that goes down and comes back brings its session back", async (t) => {
  const directory = scratch(t);
  const [a, b] = pair(t).ends;
  const control = join(directory, "control");
  const routers = [router(1, a, directory), router(2, b, directory)];
  await using _speaker = await Speaker.start({ control, routers }, context);
  const first = await session(control, "r1", established);
  using rtnetlink = Rtnetlink.open(b.netns);
  rtnetlink.request([setLinkDown("eth0")]);
  const down = await session(control, "r1", (status) => !established(status));
  t.equal(down.lastError, "interface eth0 went down");
  rtnetlink.request([setLinkUp("eth0")]);
  const second = await session(control, "r1", (status) => status.establishedCount === 2);
  t.not(second.connectionId, first.connectionId);
});

t.test("a port that is taken in the namespace is one clear error, and nothing is left running", async (t) => {
  const directory = scratch(t);
  const [a] = pair(t).ends;
  const taken = new Socket({ fd: listenTcp({ netns: a.netns, port: 179, backlog: 1 }) });
  t.teardown(() => taken.destroy());
  const control = join(directory, "control");
  await t.rejects(Speaker.start({ control, routers: [router(1, a, directory)] }, context), {
    code: "SYSTEM_CALL_FAILED",
    message: `bind [::]:179 in ${a.netns}: EADDRINUSE (address already in use)`,
  });
});

/** Says some octets to a router's port 179 from the other end, and hears all that it answers. */
async function say(from: End, to: End, octets: Uint8Array): Promise<string[]> {
  using poller = new Poller();
  const target = { netns: from.netns, ifindex: from.ifindex, address: to.address, port: 179 };
  const fd = await dialTcp(target, { poller, signal: deadline() });
  const socket = new Socket({ fd, readable: true, writable: true });
  socket.end(octets);
  const framer = new Framer();
  const heard: string[] = [];
  for await (const chunk of socket) {
    for (const frame of framer.push(chunk)) heard.push(describeMessage(decodeMessage(frame, undefined)));
  }
  return heard;
}

t.test("a stranger's octets are answered with a NOTIFICATION", async (t) => {
  const directory = scratch(t);
  const [a, b] = pair(t).ends;
  const control = join(directory, "control");
  await using _speaker = await Speaker.start({ control, routers: [router(1, a, directory)] }, context);
  const open = /^Open \[ version: 4, asn: 64513,/;
  const marker = "ff".repeat(16);
  const cases = [
    { octets: "deadbeef".repeat(8), answer: "Notification [ 1/1 (connection not synchronized) ]" },
    { octets: `${marker}ffff01`, answer: "Notification [ 1/2 (bad message length), data: ffff ]" },
    { octets: `${marker}001304`, answer: "Notification [ 5/1 (unexpected in open sent), data: 04 ]" },
  ];
  for (const { octets, answer } of cases) {
    t.match(await say(b, a, Buffer.from(octets, "hex")), [open, answer], answer);
  }
  t.match(
    await say(b, a, Buffer.from(`${marker}0015030602`, "hex")),
    [open],
    "but for a NOTIFICATION (RFC 4271 §6.4)",
  );
});

t.test("an interface without a session gets a Cease (RFC 4486)", async (t) => {
  const directory = scratch(t);
  const [a, b] = pair(t).ends;
  const control = join(directory, "control");
  const deaf = { ...router(1, a, directory), sessions: [] };
  await using _speaker = await Speaker.start({ control, routers: [deaf] }, context);
  t.strictSame(await say(b, a, new Uint8Array()), ["Notification [ 6/5 (connection rejected) ]"]);
});

t.test("a session is reset and changed over the control socket, and comes back each time", async (t) => {
  const directory = scratch(t);
  const [a, b] = pair(t).ends;
  const control = join(directory, "control");
  const routers = [router(1, a, directory), router(2, b, directory)];
  await using _speaker = await Speaker.start({ control, routers }, context);
  const first = await session(control, "r1", established);
  const at = { router: "r1", session: "eth0" };
  await command(control, { type: "reset", ...at, communication: "again" }, deadline());
  const second = await session(
    control,
    "r1",
    (status) => established(status) && status.establishedCount === 2,
  );
  t.not(second.connectionId, first.connectionId);
  const change = { md5Key: "secret", minHopLimit: 255 };
  for (const { sessions, ...rest } of routers) {
    const config = { ...rest, sessions: sessions.map((session) => ({ ...session, ...change })) };
    const request = { type: "reconfigure", router: rest.name, config } as const;
    t.strictSame(await command(control, request, deadline()), ["reset"]);
  }
  const signed = (status: SessionStatus) => established(status) && status.establishedCount > 2;
  t.ok(await session(control, "r1", signed), "with a key and a hop limit on both ends");
});

t.test("routers come, start over and go while the others of their process go on", async (t) => {
  const directory = scratch(t);
  const [a, b] = pair(t).ends;
  const control = join(directory, "control");
  const [r1, r2] = [router(1, a, directory), router(2, b, directory)];
  await using speaker = await Speaker.start({ control, routers: [r1] }, context);
  const run = (config: RouterConfig) =>
    command(control, { type: "reconfigure", router: config.name, config }, deadline());
  const has = (name: string, count: number) =>
    session(control, name, (status) => established(status) && status.establishedCount === count);
  t.strictSame(await run(r2), ["restart"]);
  await has("r1", 1);
  t.strictSame(speaker.namespaces, [a.netns, b.netns]);

  t.strictSame(await run({ ...r2, routerId: "0.0.0.9" as RouterId }), ["restart"]);
  await has("r1", 2);
  t.strictSame(await run({ ...r2, routerId: "0.0.0.9" as RouterId }), []);
  await t.rejects(run({ ...r2, name: "r3" }), { message: /: .* Address already in use|EADDRINUSE/ });
  await t.rejects(run({ ...r2, name: "r3", netns: "/run/netns/nowhere" }), { message: /nowhere/ });
  await t.rejects(run({ ...r2, sessions: 7 as never }), { message: /sessions: expected a list/ });

  const watching = watchStatus(control, "all", deadline());
  t.match((await watching.next()).value, { routers: [{ router: "r1" }, { router: "r2" }] });
  const gone = command(control, { type: "remove", router: "r2" }, deadline());
  for await (const event of watching) {
    if (event.type === "status") {
      t.match(event.routers, [{ router: "r1" }], "watchers hear of it");
      break;
    }
  }
  t.strictSame(await gone, ["reset"]);
  t.strictSame(await command(control, { type: "remove", router: "r2" }, deadline()), []);
  t.match(await session(control, "r1", ({ state }) => state !== "Established"), { establishedCount: 2 });
});
