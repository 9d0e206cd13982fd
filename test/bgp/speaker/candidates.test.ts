import t from "tap";
import { ALL_NODES } from "../../../src/linux/multicast.ts";
import { encodeDiscovery, type RouterAdvertisement } from "../../../src/linux/router-advertisement.ts";
import type { Address } from "../../../src/net/address.ts";
import { MemoryLab } from "../../support/memory-lab.ts";

/** One router, and in the place of the other whoever a test lets advertise. */

const SOON_MS = 50;

function advertise(lab: MemoryLab, from: string, change: Partial<RouterAdvertisement> = {}): void {
  const { host } = lab.member(2);
  host.changeLink(1, { linkLocal: from as Address });
  const message = { type: "routerAdvertisement", hopLimit: 64, lifetime: 0 } as const;
  const packet = encodeDiscovery({ ...message, sourceMac: undefined, intervalMs: 10_000, ...change });
  host.sendDiscovery({ ifindex: 1, address: ALL_NODES }, packet);
  lab.clock.advance(SOON_MS);
}

/** The addresses that r1 has dialed since the last look. */
function dialed(lab: MemoryLab): string[] {
  const { log } = lab.member(1);
  const lines = log.splice(0).flatMap(({ msg }) => /^connecting to \[(.*)%\d+\]/.exec(msg ?? "")?.[1] ?? []);
  return [...new Set(lines)];
}

t.test("of several routers on a link the first heard is dialed, until it is silent", async (t) => {
  const lab = new MemoryLab(2);
  lab.member(1).router.start();
  advertise(lab, "fe80::8");
  advertise(lab, "fe80::9");
  lab.clock.advance(5000);
  t.strictSame(lab.session(1, "eth1").neighbors, ["fe80::8", "fe80::9"]);
  t.strictSame(dialed(lab), ["fe80::8"]);
  for (let second = 0; second < 30; second++) {
    advertise(lab, "fe80::9");
    lab.clock.advance(1000);
  }
  t.strictSame(lab.session(1, "eth1").neighbors, ["fe80::9"]);
  t.ok(dialed(lab).includes("fe80::9"));
  advertise(lab, "fe80::8");
  lab.clock.advance(3000);
  t.strictSame(dialed(lab), ["fe80::9"], "and a router that comes back has to wait");
});

t.test("a router's new address is dialed next, its old one no more", async (t) => {
  const lab = new MemoryLab(2);
  const sourceMac = "02:00:00:00:00:99";
  lab.member(1).router.start();
  advertise(lab, "fe80::8", { sourceMac });
  t.strictSame(dialed(lab), ["fe80::8"]);
  advertise(lab, "fe80::9", { sourceMac });
  lab.clock.advance(5000);
  t.strictSame(dialed(lab), ["fe80::9"]);
});

t.test("a session says why it is not dialing", async (t) => {
  const lab = new MemoryLab(2);
  const waitingFor = () => lab.session(1, "eth1").waitingFor;
  lab.member(1).router.start();
  t.equal(waitingFor(), "a Router Advertisement on eth1");
  lab.clock.advance(20_000);
  t.equal(waitingFor(), "a Router Advertisement on eth1: nobody answered 3 Router Solicitations");
  advertise(lab, "fe80::9");
  lab.clock.advance(30_000);
  t.equal(waitingFor(), "a Router Advertisement on eth1: fe80::9 was last heard at 2026-01-29T00:00:20.001Z");
  lab.member(1).host.changeLink(1, { linkLocal: undefined });
  t.equal(waitingFor(), "a link-local address on eth1");
  lab.member(1).host.changeLink(1, { running: false });
  t.equal(waitingFor(), "interface eth1, which is down or has no carrier");
});

t.test("a neighbor that falls silent does not end its session", async (t) => {
  const lab = new MemoryLab(2);
  lab.start();
  lab.clock.advance(SOON_MS);
  t.equal(lab.session(1, "eth1").state, "Established");
  lab.member(2).host.sendDiscovery = () => undefined;
  lab.clock.advance(60_000);
  t.match(lab.session(1, "eth1"), { state: "Established", establishedCount: 1, neighbors: [] });
});

t.test("the same address on both links of a router is two peers", async (t) => {
  const lab = new MemoryLab(3);
  for (const [number, ifindex] of [
    [1, 1],
    [3, 1],
  ] as const) {
    lab.member(number).host.changeLink(ifindex, { linkLocal: "fe80::9" as Address });
  }
  lab.start();
  lab.clock.advance(SOON_MS);
  t.match(
    ["eth0", "eth1"].map((ifname) => lab.session(2, ifname)),
    [
      { state: "Established", peerAddress: "fe80::9", peerAsn: 64512 },
      { state: "Established", peerAddress: "fe80::9", peerAsn: 64514 },
    ],
  );
  t.strictSame(lab.forwarding(2), { "10.0.1.0/24": "fe80::9%1", "10.0.3.0/24": "fe80::9%2" });
});

t.test("a passive session waits for its peer alone", async (t) => {
  const lab = new MemoryLab(2, { passive: true });
  lab.member(1).router.start();
  t.equal(lab.session(1, "eth1").waitingFor, "the peer's connection, since it is passive");
  advertise(lab, "fe80::9");
  lab.clock.advance(5000);
  t.strictSame(dialed(lab), []);
  t.equal(lab.session(1, "eth1").waitingFor, "the peer's connection, since it is passive");
});
