import t from "tap";
import type { RouterConfig, SessionConfig } from "../../../src/bgp/config/config.ts";
import type { SessionStatus } from "../../../src/bgp/control/status.ts";
import { Speaker } from "../../../src/bgp/speaker/speaker.ts";
import { deleteLink } from "../../../src/linux/rtnetlink/link.ts";
import { Rtnetlink } from "../../../src/linux/rtnetlink/rtnetlink.ts";
import { readTcpDrops } from "../../../src/linux/tcp-drops.ts";
import { pause, systemClock } from "../../../src/std/clock.ts";
import { startToConnect } from "./stranger.ts";
import { connect, context, create, deadline, established, session, up } from "./trio.ts";

/** TCP-MD5 and GTSM between real namespaces: the link from r1 to r2 is guarded, the one to r3 never is. */

type Guard = Partial<Pick<SessionConfig, "md5Key" | "minHopLimit">>;

function guarded(routers: readonly RouterConfig[], guards: Record<string, Guard>): RouterConfig[] {
  return routers.map((router) => ({
    ...router,
    sessions: router.sessions.map((session) =>
      session.ifname === "eth0" ? { ...session, ...guards[router.name] } : session,
    ),
  }));
}

const unanswered = ({ lastError, waitingFor }: SessionStatus) =>
  lastError?.startsWith("connect: no answer") === true && waitingFor?.includes("dropped segments") === true;

t.test("a session with the same key on both ends comes up beside one without (RFC 2385)", async (t) => {
  const { config, control, toR2 } = create(t);
  const key = { md5Key: "secret" };
  const routers = guarded(config.routers, { r1: key, r2: key });
  await using _speaker = await Speaker.start({ control, routers }, context);
  await Promise.all([session(control, "eth0", established), session(control, "eth1", established)]);
  t.strictSame(readTcpDrops(toR2.netns), { md5: 0, hopLimit: 0 });
});

t.test(
  "a session with a wrong key, or with a key on one end, says why it gets no answer (RFC 2385)",
  async (t) => {
    const cases = {
      "another key": { r1: { md5Key: "secret" }, r2: { md5Key: "Secret" } },
      "a key here": { r1: { md5Key: "secret" } },
      "a key there": { r2: { md5Key: "secret" } },
    };
    for (const [name, guards] of Object.entries(cases)) {
      await t.test(name, async (t) => {
        const { config, control } = create(t);
        const routers = guarded(config.routers, guards);
        await using _speaker = await Speaker.start({ control, routers }, context);
        t.match(await session(control, "eth0", unanswered), {
          establishedCount: 0,
          lastError: "connect: no answer from fe80::9%eth0",
          waitingFor: /; this router dropped segments: \d+ for their TCP-MD5 signature, or for having none$/,
        });
        await session(control, "eth1", established);
      });
    }
  },
);

t.test("a guard follows its interface to another number", async (t) => {
  const { config, control, toR2, atR2 } = create(t);
  const guard = { md5Key: "secret" };
  const routers = guarded(config.routers, { r1: guard, r2: guard });
  await using _speaker = await Speaker.start({ control, routers }, context);
  await session(control, "eth0", up(1));
  {
    using rtnetlink = Rtnetlink.open(toR2.netns);
    rtnetlink.request([deleteLink("eth0")]);
  }
  await session(control, "eth0", ({ waitingFor }) => waitingFor?.includes("does not exist") === true);
  connect({ ...toR2, ifindex: 150 }, { ...atR2, ifindex: 250 });
  await session(control, "eth0", up(2));
  startToConnect(t, { ...atR2, ifindex: 250 }, { to: toR2.address });
  const signal = deadline();
  while (readTcpDrops(toR2.netns).md5 === 0) await pause(systemClock, 5, signal);
  t.pass("and whoever has no key is not heard there");
});

const IPPROTO_IPV6 = 41;
const IPV6_UNICAST_HOPS = 16;

t.test("GTSM lets neighbors in, and nobody who sends with a smaller hop limit (RFC 5082 §3)", async (t) => {
  const { config, control, toR2, atR2 } = create(t);
  const gtsm = { minHopLimit: 255 };
  const routers = guarded(config.routers, { r1: gtsm, r2: gtsm });
  await using _speaker = await Speaker.start({ control, routers }, context);
  await session(control, "eth0", established);
  t.strictSame(readTcpDrops(toR2.netns), { md5: 0, hopLimit: 0 });
  // 1 is what FRR sends to its external peers, 64 what anybody sends.
  for (const [index, hops] of [1, 64, 254].entries()) {
    startToConnect(t, atR2, { to: toR2.address, options: [[IPPROTO_IPV6, IPV6_UNICAST_HOPS, hops]] });
    const signal = deadline();
    while (readTcpDrops(toR2.netns).hopLimit <= index) await pause(systemClock, 5, signal);
  }
  t.match(await session(control, "eth0", established), { establishedCount: 1 });
});
