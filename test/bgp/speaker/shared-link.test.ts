import t from "tap";
import {
  defaultRouter,
  defaultSession,
  type RouterConfig,
  type SessionConfig,
} from "../../../src/bgp/config/config.ts";
import { Log } from "../../../src/bgp/speaker/log.ts";
import { Router } from "../../../src/bgp/speaker/router.ts";
import { targetKey } from "../../../src/bgp/speaker/targets.ts";
import { Turns } from "../../../src/bgp/speaker/turns.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";
import type { MemoryHost } from "../../../src/simulation/memory-host.ts";
import { MemoryNetwork } from "../../../src/simulation/memory-network.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";
import type { Wire } from "../../../src/simulation/wire.ts";
import { reconfigure, reconfigureSession, removeSession } from "../../support/reconfigure.ts";
import { connectionId } from "../../support/session.ts";

const SOON_MS = 1000;

const linkLocal = (number: number) => `fe80::${number}` as Address;

interface Segment {
  readonly clock: VirtualClock;
  readonly wire: Wire;
  readonly hosts: readonly MemoryHost[];
  readonly routers: readonly Router[];
  /** The sessions of a router, as `peer state` each. */
  sessions(number: number): string[];
  /** Where a router would send what is for a prefix. */
  forwards(number: number, prefix: string): string;
}

/** Routers r1, r2, … on one link; router N is AS 64511 + N and originates 10.0.N.0/24. @param told who has a session with whom */
function segment(
  size: number,
  {
    told = () => true,
    change = () => ({}),
  }: { told?: (own: number, peer: number) => boolean; change?: (own: number) => Partial<SessionConfig> } = {},
): Segment {
  const clock = new VirtualClock();
  const network = new MemoryNetwork(clock);
  const numbers = Array.from({ length: size }, (_, index) => index + 1);
  const hosts = numbers.map((number) => network.host(`r${number}`));
  const ends = hosts.map((host, index) => ({ host, ifname: "eth0", address: linkLocal(index + 1) }));
  const wire = network.link(...ends);
  let connections = 0;
  const routers = hosts.map((host, index) => {
    const own = index + 1;
    const config: RouterConfig = {
      ...defaultRouter,
      name: host.name,
      netns: null,
      log: null,
      logLevel: "error",
      asn: asn(64511 + own),
      routerId: `0.0.0.${own}` as RouterId,
      originate: [prefix(`10.0.${own}.0/24`)],
      sessions: numbers
        .filter((number) => number !== own && told(own, number))
        .map((number) => ({
          ...defaultSession,
          ifname: "eth0",
          peer: linkLocal(number),
          linkLocal: linkLocal(own),
          remoteAs: asn(64511 + number),
          ...change(own),
        })),
    };
    const log = new Log(
      { clock, hostname: "test", pid: 1, write: () => {} },
      { common: {}, threshold: "error" },
    );
    return new Router({
      config,
      host,
      clock,
      random: () => 0.5,
      log,
      newConnectionId: () => connectionId(String(++connections)),
      turns: new Turns(clock),
      publish: () => {},
      interests: () => undefined,
    });
  });
  for (const router of routers) router.start();
  clock.advance(SOON_MS);
  return {
    clock,
    wire,
    hosts,
    routers,
    sessions: (number) =>
      (routers[number - 1]?.status.sessions ?? []).map(({ session, state }) => `${session} ${state}`),
    forwards: (number, network) => targetKey(hosts[number - 1]?.routes.get(prefix(network)) ?? []),
  };
}

function first({ routers: [router] }: Segment): Router {
  if (!router) throw new Error("there is no router");
  return router;
}

t.test("each router of a shared link has a session with each of the others", async (t) => {
  const lab = segment(4);
  t.strictSame(lab.sessions(1), [
    "eth0/fe80::2 Established",
    "eth0/fe80::3 Established",
    "eth0/fe80::4 Established",
  ]);
  t.equal(lab.forwards(1, "10.0.3.0/24"), "fe80::3%1");
  t.equal(lab.forwards(4, "10.0.1.0/24"), "fe80::1%1");
  t.match(lab.routers[0]?.session("eth0/fe80::3"), {
    ifname: "eth0",
    peerAddress: "fe80::3",
    neighbors: ["fe80::3"],
  });
  t.equal(lab.routers[0]?.session("eth0"), undefined);
});

t.test(
  "a router that two others hear of each other from is not in their way (RFC 4271 §5.1.3)",
  async (t) => {
    const lab = segment(3, { told: (own, peer) => own === 2 || peer === 2 });
    t.strictSame(lab.sessions(1), ["eth0/fe80::2 Established"]);
    t.equal(lab.forwards(1, "10.0.3.0/24"), "fe80::3%1");
    t.equal(lab.forwards(3, "10.0.1.0/24"), "fe80::1%1");
  },
);

t.test("a next hop that is set goes over that of the others on the link", async (t) => {
  const lab = segment(3, {
    told: (own, peer) => own === 2 || peer === 2,
    change: (own) => (own === 2 ? { nextHop: { ipv4: linkLocal(9) } } : {}),
  });
  t.equal(lab.forwards(1, "10.0.3.0/24"), "fe80::9%1");
});

t.test("whoever is on the link and has no session is refused", async (t) => {
  const lab = segment(3, { told: (own, peer) => own !== 1 || peer !== 3 });
  lab.clock.advance(10 * SOON_MS);
  t.strictSame(lab.sessions(1), ["eth0/fe80::2 Established"]);
  t.match(lab.routers[2]?.session("eth0/fe80::1"), {
    state: /^(?!Established)/,
    lastError: /connection rejected/,
  });
});

t.test("one session ends, and those of its interface go on", async (t) => {
  const lab = segment(3);
  removeSession(first(lab), "eth0/fe80::2");
  lab.clock.advance(30 * SOON_MS);
  t.strictSame(lab.sessions(1), ["eth0/fe80::3 Established"]);
  t.equal(lab.forwards(1, "10.0.2.0/24"), "fe80::2%1", "as r3 tells");
  t.strictSame(lab.sessions(2), ["eth0/fe80::1 Active", "eth0/fe80::3 Established"]);
});

t.test("a session is added beside others, whose peer is heard already", async (t) => {
  const lab = segment(3, { told: (own, peer) => own !== 1 || peer !== 3 });
  lab.clock.advance(10 * SOON_MS);
  const before = first(lab).session("eth0/fe80::2");
  const [session] = first(lab).config.sessions;
  const sessions = [session, { ...session, peer: linkLocal(3), remoteAs: 64514 }];
  t.strictSame(reconfigure(first(lab), { sessions }), { effects: ["live"] });
  lab.clock.advance(SOON_MS);
  t.strictSame(lab.sessions(1), ["eth0/fe80::2 Established", "eth0/fe80::3 Established"]);
  t.equal(first(lab).session("eth0/fe80::2")?.connectionId, before?.connectionId);
});

t.test("what belongs to the interface does not change for one of its sessions alone", async (t) => {
  const lab = segment(3);
  const configure = (change: object) => reconfigureSession(first(lab), "eth0/fe80::2", change);
  t.strictSame(configure({ md5Key: "secret" }), {
    mistakes: [
      "sessions[1]: md5Key is not that of eth0/fe80::2, which is on the same interface (it is one for all sessions of an interface)",
    ],
  });
  t.strictSame(configure({ localPref: 200 }), { effects: ["reimport", "readvertise"] });
});

t.test("one end of the link goes down, and the others go on without it", async (t) => {
  const lab = segment(3);
  const [end] = lab.wire.ends;
  if (end) lab.wire.takeDown(end);
  lab.clock.advance(20 * SOON_MS);
  t.strictSame(lab.sessions(2), ["eth0/fe80::1 Active", "eth0/fe80::3 Established"]);
  t.match(lab.routers[0]?.session("eth0/fe80::3"), { waitingFor: /^interface eth0, which is down/ });
  t.equal(lab.hosts[0]?.routes.size, 0);
  lab.wire.setRunning(true);
  lab.clock.advance(20 * SOON_MS);
  t.strictSame(lab.sessions(1), ["eth0/fe80::2 Established", "eth0/fe80::3 Established"]);
});

t.test("a session whose peer is not heard says whom it waits for", async (t) => {
  const lab = segment(2, { told: () => true, change: (own) => (own === 1 ? { peer: linkLocal(7) } : {}) });
  t.match(lab.routers[0]?.session("eth0/fe80::7"), {
    waitingFor: /^a Router Advertisement of fe80::7 on eth0/,
    peerAddress: "fe80::7",
  });
});
