import { closeSync } from "node:fs";
import t from "tap";
import { TcpListener } from "../../../src/bgp/speaker/tcp-listener.ts";
import { Poller } from "../../../src/linux/poller.ts";
import { type AcceptedTcp, dialTcp, listenTcp } from "../../../src/linux/tcp.ts";
import type { Clock } from "../../../src/std/clock.ts";
import { systemClock } from "../../../src/std/clock.ts";
import { pair } from "../../linux/sandbox.ts";

const signal = AbortSignal.timeout(20_000);

t.test("all that connect are accepted, until it is disposed of; connections stay", async (t) => {
  const [a, b] = pair(t).ends;
  using poller = new Poller();
  const accepted: AcceptedTcp[] = [];
  const { promise: three, resolve } = Promise.withResolvers<void>();
  const onConnection = (connection: AcceptedTcp) => {
    if (accepted.push(connection) === 3) resolve();
  };
  const fd = listenTcp({ netns: b.netns, port: 179, backlog: 16 });
  using listener = new TcpListener(fd, { poller, clock: systemClock, onConnection });
  t.equal(listener.fd, fd);
  const to = { netns: a.netns, ifindex: a.ifindex, address: b.address, port: 179 };
  const dialed = await Promise.all([1, 2, 3].map(() => dialTcp(to, { poller, signal })));
  await three;
  t.same(
    accepted.map(({ peer }) => peer.address),
    [a.address, a.address, a.address],
  );
  listener[Symbol.dispose]();
  await t.rejects(dialTcp(to, { poller, signal }), { name: "SystemError", errnoName: "ECONNREFUSED" });
  for (const { fd } of accepted) closeSync(fd);
  for (const fd of dialed) closeSync(fd);
});

t.test("what cannot be accepted now is tried again a little later", async (t) => {
  const [a, b] = pair(t).ends;
  using poller = new Poller();
  const { promise: rests, resolve } = Promise.withResolvers<number>();
  const clock: Clock = {
    ...systemClock,
    after: (ms) => {
      resolve(ms);
      return { [Symbol.dispose]: () => {} };
    },
  };
  const listening = listenTcp({ netns: b.netns, port: 179, backlog: 16 });
  const to = { netns: a.netns, ifindex: a.ifindex, address: b.address, port: 179 };
  const fd = await dialTcp(to, { poller, signal });
  closeSync(listening);
  // A connected socket that nobody can accept from: it is ready, and accept(2) fails.
  using _ = new TcpListener(fd, { poller, clock, onConnection: () => t.fail("nobody is there") });
  t.equal(await rests, 100);
});
