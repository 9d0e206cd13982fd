import { once } from "node:events";
import net from "node:net";
import { setImmediate } from "node:timers/promises";
import t, { type Test } from "tap";
import { FileDescriptor } from "../../src/linux/file-descriptor.ts";
import { libc } from "../../src/linux/libc.ts";
import { Poller } from "../../src/linux/poller.ts";
import { createSocket, SOCK_STREAM, setSocketOption } from "../../src/linux/socket.ts";
import { AF_INET6, encodeSockaddr } from "../../src/linux/socket-address.ts";
import { dialTcp, listenTcp, listenTcpOn } from "../../src/linux/tcp.ts";
import { parseTcpDrops, readTcpDrops, type TcpDrops } from "../../src/linux/tcp-drops.ts";
import type { TcpGuard } from "../../src/linux/tcp-guard.ts";
import { type End, pair } from "./sandbox.ts";

const IPPROTO_TCP = 6;
const IPPROTO_IPV6 = 41;
const IPV6_UNICAST_HOPS = 16;

const none: TcpGuard = { md5Key: null, minHopLimit: null };
const key = (md5Key: string): TcpGuard => ({ ...none, md5Key });
const gtsm: TcpGuard = { ...none, minHopLimit: 255 };

/** Listens on all interfaces, and on the end's own under a guard. */
function guarded(t: Test, { netns, ifindex }: End, guard: TcpGuard): { server: net.Server; fd: number } {
  const everywhere = new FileDescriptor(listenTcp({ netns, port: 179, backlog: 1 }));
  t.teardown(() => everywhere[Symbol.dispose]());
  const fd = listenTcpOn({ ifindex, guard, beside: everywhere.fd }, { netns, port: 179, backlog: 1 });
  const server = net.createServer().listen({ fd });
  t.teardown(() => server.close());
  return { server, fd };
}

/** Waits until a namespace has dropped something, and says what. */
async function drops({ netns }: End): Promise<TcpDrops> {
  const deadline = AbortSignal.timeout(10_000);
  for (;;) {
    const seen = readTcpDrops(netns);
    if (seen.md5 + seen.hopLimit > 0) return seen;
    await setImmediate(undefined, { signal: deadline });
  }
}

/** Starts to dial, until the test ends. */
function dialing(t: Test, from: End, to: End, guard: TcpGuard): Promise<number> {
  const poller = new Poller();
  const abort = new AbortController();
  const target = { netns: from.netns, ifindex: from.ifindex, address: to.address, port: 179, guard };
  const dial = dialTcp(target, { poller, signal: abort.signal });
  dial.catch(() => undefined);
  t.teardown(() => {
    abort.abort();
    poller[Symbol.dispose]();
  });
  return dial;
}

/** Starts to dial with the hop limit of an ordinary packet, until the test ends. */
function dialFromAfar(t: Test, from: End, to: End): void {
  const spec = { netns: from.netns, family: AF_INET6, type: SOCK_STREAM, protocol: IPPROTO_TCP };
  const socket = createSocket(spec, [[IPPROTO_IPV6, IPV6_UNICAST_HOPS, 64]]);
  t.teardown(() => socket[Symbol.dispose]());
  const address = encodeSockaddr({ address: to.address, port: 179, scopeId: from.ifindex });
  libc.connect(socket.fd, address, address.length);
}

/** Whether octets pass both ways over a connection that is dialed now. */
async function speaks(t: Test, server: net.Server, dial: Promise<number>): Promise<void> {
  const accepted = once(server, "connection");
  const client = new net.Socket({ fd: await dial, readable: true, writable: true });
  const [peer] = (await accepted) as [net.Socket];
  t.teardown(() => client.destroy());
  t.teardown(() => peer.destroy());
  const [request, answer] = [once(peer, "data"), once(client, "data")];
  client.write("OPEN");
  t.equal(String((await request)[0]), "OPEN");
  peer.write("KEEPALIVE");
  t.equal(String((await answer)[0]), "KEEPALIVE");
}

t.test("both ends with one TCP-MD5 key speak, and drop nothing (RFC 2385 §2.0)", async (t) => {
  const [a, b] = pair(t, [100, 7]).ends;
  const { server } = guarded(t, b, key("secret"));
  await speaks(t, server, dialing(t, a, b, key("secret")));
  t.strictSame([readTcpDrops(a.netns), readTcpDrops(b.netns)], Array(2).fill({ md5: 0, hopLimit: 0 }));
});

t.test(
  "segments with a wrong TCP-MD5 signature, or with none, are never answered (RFC 2385 §2.0)",
  async (t) => {
    const cases = [
      { name: "another key", dialer: key("secret"), listener: key("Secret") },
      { name: "only the listener has a key", dialer: none, listener: key("secret") },
      { name: "only the dialer has a key", dialer: key("secret"), listener: none },
    ];
    for (const { name, dialer, listener } of cases) {
      await t.test(name, async (t) => {
        const [a, b] = pair(t).ends;
        const { server } = guarded(t, b, listener);
        server.on("connection", () => t.fail("it connected"));
        dialing(t, a, b, dialer);
        t.match(await drops(b), { md5: Number, hopLimit: 0 });
      });
    }
  },
);

t.test("a key is 1 to 80 octets long", async (t) => {
  const [a, b] = pair(t).ends;
  const longest = "k".repeat(80);
  const { server } = guarded(t, b, key(longest));
  await speaks(t, server, dialing(t, a, b, key(longest)));
  for (const impossible of ["", "k".repeat(81), "ü".repeat(41)]) {
    await t.rejects(dialing(t, a, b, key(impossible)), { name: "RangeError" });
  }
});

t.test("peers one hop away pass GTSM on both ends (RFC 5082 §3)", async (t) => {
  const [a, b] = pair(t).ends;
  const { server } = guarded(t, b, gtsm);
  await speaks(t, server, dialing(t, a, b, gtsm));
});

t.test("GTSM drops a SYN with a smaller hop limit (RFC 5082 §3)", async (t) => {
  const [a, b] = pair(t).ends;
  const { server } = guarded(t, b, gtsm);
  server.on("connection", () => t.fail("it connected"));
  dialFromAfar(t, a, b);
  t.match(await drops(b), { md5: 0, hopLimit: Number });
});

t.test("GTSM drops the SYN-ACK of a listener that is further away (RFC 5082 §3)", async (t) => {
  const [a, b] = pair(t).ends;
  const { fd } = guarded(t, b, none);
  setSocketOption(fd, [IPPROTO_IPV6, IPV6_UNICAST_HOPS, 1]);
  dialing(t, a, b, gtsm);
  t.match(await drops(a), { md5: 0, hopLimit: Number });
});

t.test("an interface's own listener leaves the connections of others to the one for all", async (t) => {
  const [a, b] = pair(t).ends;
  const options = { netns: b.netns, port: 179, backlog: 1 };
  const beside = listenTcp(options);
  const everywhere = net.createServer().listen({ fd: beside });
  t.teardown(() => everywhere.close());
  const on = { ifindex: b.ifindex, guard: none, beside };
  const own = net.createServer().listen({ fd: listenTcpOn(on, options) });
  await speaks(t, own, dialing(t, a, b, none));
  await speaks(t, everywhere, dialing(t, loopback(b), loopback(b), none));
  t.throws(() => listenTcp(options), { code: "SYSTEM_CALL_FAILED", message: /EADDRINUSE/ });
  own.close();
  await setImmediate();
  await speaks(t, everywhere, dialing(t, a, b, none));
});

const loopback = (end: End): End => ({ ...end, ifindex: 1, address: "::1" as End["address"] });

t.test("counters that a kernel does not have are 0", async (t) => {
  const text = "TcpExt: TCPMD5NotFound TCPMD5Failure\nTcpExt: 2 3\nIpExt: InNoRoutes\nIpExt: 7\n";
  t.strictSame(parseTcpDrops(text), { md5: 5, hopLimit: 0 });
  t.strictSame(parseTcpDrops(""), { md5: 0, hopLimit: 0 });
});
