import { once } from "node:events";
import net from "node:net";
import t, { type Test } from "tap";
import { FileDescriptor } from "../../src/linux/file-descriptor.ts";
import { inNetns } from "../../src/linux/netns.ts";
import { Poller } from "../../src/linux/poller.ts";
import { setLinkDown } from "../../src/linux/rtnetlink/link.ts";
import { Rtnetlink } from "../../src/linux/rtnetlink/rtnetlink.ts";
import { type AcceptedTcp, acceptTcp, dialTcp, listenTcp, localName } from "../../src/linux/tcp.ts";
import { type End, netns, pair } from "./sandbox.ts";

const never = new AbortController().signal;

async function listening(t: Test, at: string, port = 179): Promise<net.Server> {
  const server = net.createServer().listen({ fd: listenTcp({ netns: at, port, backlog: 16 }) });
  t.teardown(() => server.close());
  await once(server, "listening");
  return server;
}

const to = (from: End, { address }: End, port = 179) => ({
  netns: from.netns,
  ifindex: from.ifindex,
  address,
  port,
});

t.test("Node's sockets speak across two namespaces from a process in a third", async (t) => {
  const [a, b] = pair(t, [100, 7]).ends;
  using poller = new Poller();
  using listener = new FileDescriptor(listenTcp({ netns: b.netns, port: 179, backlog: 16 }));
  t.equal(acceptTcp(listener.fd), undefined);
  const fd = await dialTcp(to(a, b), { poller, signal: never });
  const accepted = acceptTcp(listener.fd) as AcceptedTcp;
  const client = new net.Socket({ fd, readable: true, writable: true });
  const peer = new net.Socket({ fd: accepted.fd, readable: true, writable: true });

  t.match(accepted.peer, { address: a.address, scopeId: 7 });
  t.match(localName(accepted.fd), { address: b.address, port: 179, scopeId: 7 });
  t.match(localName(fd), { address: a.address, scopeId: 100 });

  const [request, answer] = [once(peer, "data"), once(client, "data")];
  client.write("OPEN");
  t.equal(String((await request)[0]), "OPEN");
  peer.end("NOTIFICATION");
  t.equal(String((await answer)[0]), "NOTIFICATION");
  const closed = Promise.all([once(peer, "close"), once(client, "close")]);
  client.end();
  await closed;
});

t.test("every namespace has its own port 179; in one it is taken once", async (t) => {
  const [a, b] = [netns(t), netns(t)];
  await listening(t, a);
  await listening(t, b);
  t.throws(() => listenTcp({ netns: a, port: 179, backlog: 1 }), {
    code: "SYSTEM_CALL_FAILED",
    message: `listen [::]:179 in ${a}: EADDRINUSE (address already in use)`.replace("listen", "bind"),
  });
});

t.test("a port on which nobody listens refuses", async (t) => {
  const [a, b] = pair(t).ends;
  using poller = new Poller();
  await t.rejects(dialTcp(to(a, b), { poller, signal: never }), {
    message: "connect [fe80::2%100]:179: ECONNREFUSED (connection refused)",
  });
});

t.test("an interface that is down is unreachable, and so is one that is gone", async (t) => {
  const [a, b] = pair(t).ends;
  using poller = new Poller();
  using rtnetlink = Rtnetlink.open(a.netns);
  rtnetlink.request([setLinkDown("eth0")]);
  await t.rejects(dialTcp(to(a, b), { poller, signal: never }), {
    name: "SystemError",
    errnoName: /ENETUNREACH|EHOSTUNREACH/,
  });
  await t.rejects(dialTcp({ ...to(a, b), ifindex: 77 }, { poller, signal: never }), {
    name: "SystemError",
    errnoName: "ENETUNREACH",
  });
});

t.test("a dial that is aborted rejects with the reason, and leaves no socket", async (t) => {
  const [a, b] = pair(t).ends;
  using poller = new Poller();
  const { default: fs } = await import("node:fs");
  const open = () => fs.readdirSync("/proc/self/fd").length;
  const abort = new AbortController();
  const before = open();
  // Nobody has this address: neighbor discovery takes seconds to give up.
  const dial = dialTcp(
    { ...to(a, b), address: "fe80::9" as End["address"] },
    { poller, signal: abort.signal },
  );
  t.equal(open(), before + 1);
  abort.abort(new Error("no more"));
  await t.rejects(dial, { message: "no more" });
  t.equal(open(), before);
  await t.rejects(dialTcp(to(a, b), { poller, signal: abort.signal }), { message: "no more" });
});

t.test("names of what listens, and of what is no IPv6 socket", async (t) => {
  const path = netns(t);
  using listener = new FileDescriptor(listenTcp({ netns: path, port: 179, backlog: 1 }));
  t.same(localName(listener.fd), { address: "::", port: 179, scopeId: 0 });
  t.throws(() => acceptTcp(-1), { name: "SystemError", errnoName: "EBADF" });
  using rtnetlink = inNetns(path, () => Rtnetlink.open(null));
  t.throws(() => localName((rtnetlink as unknown as { fd: number }).fd ?? -1), {
    name: "SystemError",
    errnoName: "EBADF",
  });
});
