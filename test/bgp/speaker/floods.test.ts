import { once } from "node:events";
import { Socket } from "node:net";
import t from "tap";
import type { RouterConfig, Timers } from "../../../src/bgp/config/config.ts";
import { readSession } from "../../../src/bgp/control/client.ts";
import { Speaker } from "../../../src/bgp/speaker/speaker.ts";
import { Poller } from "../../../src/linux/poller.ts";
import { addAddress } from "../../../src/linux/rtnetlink/address.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import { SOL_SOCKET } from "../../../src/linux/socket.ts";
import { setSysctls } from "../../../src/linux/sysctl.ts";
import { dialTcp } from "../../../src/linux/tcp.ts";
import type { Address } from "../../../src/net/address.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { pause, systemClock } from "../../../src/std/clock.ts";
import { connectAsStranger, openOfR2 } from "./stranger.ts";
import { context, create, deadline, established, session } from "./trio.ts";

/** What somebody in r2's place can do to r1, whose session with r3 must not notice. */

const withTimers = (router: RouterConfig, timers: Partial<Timers>): RouterConfig => ({
  ...router,
  sessions: router.sessions.map((each) => ({ ...each, timers: { ...each.timers, ...timers } })),
});

/** Waits until r1 has heard so many more keepalives from r3, all on one connection. */
async function keepalives(control: string, more: number): Promise<void> {
  const signal = deadline();
  const detail = () => readSession(control, { router: "r1", session: "eth1" }, signal);
  const before = (await detail()).counters.keepalivesReceived;
  while ((await detail()).counters.keepalivesReceived < before + more) await pause(systemClock, 20, signal);
}

t.test("500 connections at once cost another session nothing", async (t) => {
  const { config, control, toR2, atR2 } = create(t);
  const routers = config.routers
    .filter(({ name }) => name !== "r2")
    .map((router) => withTimers(router, { holdTime: 3, keepaliveTime: 1 }));
  await using _speaker = await Speaker.start({ control, routers }, context);
  const before = await session(control, "eth1", established);
  using poller = new Poller();
  const target = { netns: atR2.netns, ifindex: atR2.ifindex, address: toR2.address, port: 179 };
  const flood = Array.from({ length: 500 }, async () => {
    const fd = await dialTcp(target, { poller, signal: deadline() });
    const socket = new Socket({ fd, readable: true, writable: true });
    socket.on("error", () => {});
    const closed = once(socket, "close");
    socket.resume();
    await closed;
  });
  const refused = await Promise.allSettled([...flood, keepalives(control, 4)]);
  t.equal(refused.at(-1)?.status, "fulfilled", "r3's keepalives came all the while");
  t.match(await readSession(control, { router: "r1", session: "eth1" }, deadline()), {
    state: "Established",
    connectionId: before.connectionId,
    establishedCount: 1,
    counters: { holdTimerExpirations: 0, keepalivesReceived: Number },
  });
});

t.test(
  "a peer that never reads is told 8/0 and left, and others get their routes meanwhile (RFC 9687)",
  async (t) => {
    const SO_RCVBUF = 8;
    const { config, control, toR2, atR2 } = create(t);
    setSysctls(toR2.netns, { "ipv4/tcp_wmem": "4096 4096 4096" });
    const [r1, , r3] = config.routers as [RouterConfig, RouterConfig, RouterConfig];
    const originate = Array.from({ length: 16_000 }, (_, index) =>
      prefix(`10.${100 + (index >> 8)}.${index & 255}.0/24`),
    );
    const impatient = withTimers({ ...r1, originate }, { sendHoldTime: 1 });
    await using _speaker = await Speaker.start({ control, routers: [impatient, r3] }, context);
    const deaf = await connectAsStranger(t, atR2, {
      to: toR2.address,
      options: [[SOL_SOCKET, SO_RCVBUF, 2048]],
    });
    deaf.send(openOfR2, { type: "keepalive" });
    await session(control, "eth0", established);
    t.match(await session(control, "eth0", ({ lastError }) => lastError !== null), {
      lastError: "sent NOTIFICATION 8/0 (send hold timer expired)",
      establishedCount: 1,
    });
    t.match(await session(control, "eth1", established), { establishedCount: 1 });
  },
);

t.test("once r2 is discovered, nobody else may connect from its link (Cease, RFC 4486)", async (t) => {
  const { config, control, toR2, atR2 } = create(t);
  // The kernel sends from the newest address: the older one is not advertised.
  const newer = "fe80::88" as Address;
  using rtnetlink = Rtnetlink.open(atR2.netns);
  rtnetlink.request([addAddress({ ...atR2, address: newer, length: 64 })]);
  const [r1, r2] = config.routers as [RouterConfig, RouterConfig];
  await using _first = await Speaker.start({ control, routers: [r1] }, context);
  const early = (await connectAsStranger(t, atR2, { to: toR2.address })).heard();
  t.match((await early.next()).value, /^Open /, "before that anybody may");
  await using _second = await Speaker.start({ control: `${control}2`, routers: [r2] }, context);
  t.equal((await early.next()).value, "Notification [ 6/5 (connection rejected) ]");
  await session(control, "eth0", established);
  const late = (await connectAsStranger(t, atR2, { to: toR2.address })).heard();
  t.equal((await late.next()).value, "Notification [ 6/5 (connection rejected) ]");
  t.match(await session(control, "eth0", established), {
    establishedCount: 1,
    peerAddress: newer,
    neighbors: [newer],
  });
});
