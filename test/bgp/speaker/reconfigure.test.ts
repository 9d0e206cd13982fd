import t from "tap";
import { defaultSession } from "../../../src/bgp/config/config.ts";
import type { Address } from "../../../src/net/address.ts";
import { asn } from "../../../src/net/asn.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { MemoryLab } from "../../support/memory-lab.ts";
import { reconfigure, removeSession } from "../../support/reconfigure.ts";

/** A router gets another configuration while it runs: what is the same in it is left alone. */

/** Long enough for everything that does not wait for a timer. */
const SOON_MS = 50;

/** Routers in a chain, Established. */
function established(size: number): MemoryLab {
  const lab = new MemoryLab(size);
  lab.start();
  lab.clock.advance(SOON_MS);
  return lab;
}

/** What tells one establishment of a session from another. */
function identity(lab: MemoryLab, number: number, ifname: string) {
  const { connectionId, establishedCount, state } = lab.session(number, ifname);
  return { connectionId, establishedCount, state };
}

const prefixes = (lab: MemoryLab, number: number) => Object.keys(lab.forwarding(number));

t.test("prefixes are announced and withdrawn, and no session hears of more", async (t) => {
  const lab = established(3);
  const before = identity(lab, 2, "eth0");
  const { router } = lab.member(1);
  t.strictSame(reconfigure(router, { originate: ["10.0.1.0/24", "10.9.0.0/16"] }), {
    effects: ["readvertise"],
  });
  lab.clock.advance(SOON_MS);
  t.strictSame(prefixes(lab, 3), ["10.0.1.0/24", "10.0.2.0/24", "10.9.0.0/16"]);
  reconfigure(router, { originate: [] });
  lab.clock.advance(SOON_MS);
  t.strictSame(prefixes(lab, 3), ["10.0.2.0/24"]);
  t.strictSame(identity(lab, 2, "eth0"), before);
  t.strictSame(reconfigure(router, {}), { effects: [] });
});

t.test("a session is added to a router whose interface is there, or comes later", async (t) => {
  for (const isThere of [true, false]) {
    const lab = new MemoryLab(2);
    const [r1, r2] = [lab.member(1), lab.member(2)];
    lab.start();
    const wire = () =>
      lab.network.link(
        { host: r1.host, ifname: "eth7", address: "fe80::1" as Address },
        { host: r2.host, ifname: "eth8", address: "fe80::2" as Address },
      );
    if (isThere) wire();
    lab.clock.advance(SOON_MS);
    const before = identity(lab, 1, "eth1");
    for (const [{ router }, ifname, peer] of [
      [r1, "eth7", 64513],
      [r2, "eth8", 64512],
    ] as const) {
      const sessions = [...router.config.sessions, { ...defaultSession, ifname, remoteAs: asn(peer) }];
      t.strictSame(reconfigure(router, { sessions }), { effects: ["live"] });
    }
    if (!isThere) wire();
    lab.clock.advance(2_000);
    t.match(lab.session(1, "eth7"), { state: "Established", establishedCount: 1 });
    t.match(lab.session(2, "eth8"), { state: "Established" });
    t.strictSame(identity(lab, 1, "eth1"), before);
    t.strictSame(removeSession(r1.router, "eth1"), { effects: ["reset"] });
    lab.clock.advance(SOON_MS);
    t.strictSame(lab.forwarding(1), { "10.0.2.0/24": "fe80::2%2" }, "over the link that is left");
  }
});

t.test("routes of the machine are redistributed from now on, or no more", async (t) => {
  const lab = established(2);
  const { router, host } = lab.member(1);
  host.setOthers([prefix("172.16.0.0/16"), prefix("10.0.1.0/24")]);
  reconfigure(router, { redistribute: ["static"] });
  lab.clock.advance(SOON_MS);
  t.strictSame(prefixes(lab, 2), ["10.0.1.0/24", "172.16.0.0/16"]);
  reconfigure(router, { originate: [] });
  lab.clock.advance(SOON_MS);
  t.strictSame(prefixes(lab, 2), ["10.0.1.0/24", "172.16.0.0/16"], "the machine has it all the same");
  reconfigure(router, { redistribute: [] });
  lab.clock.advance(SOON_MS);
  t.strictSame(prefixes(lab, 2), []);
});

t.test("another number of paths holds for the routes that are there", async (t) => {
  const lab = new MemoryLab(2);
  const [r1, r2] = [lab.member(1), lab.member(2)];
  lab.network.link(
    { host: r1.host, ifname: "eth7", address: "fe80::1" as Address },
    { host: r2.host, ifname: "eth8", address: "fe80::2" as Address },
  );
  const beside = (ifname: string, peer: number) => ({ ...defaultSession, ifname, remoteAs: asn(peer) });
  lab.start();
  reconfigure(r1.router, { sessions: [...r1.router.config.sessions, beside("eth7", 64513)] });
  reconfigure(r2.router, { sessions: [...r2.router.config.sessions, beside("eth8", 64512)] });
  lab.clock.advance(2_000);
  const one = lab.forwarding(1)["10.0.2.0/24"];
  for (const [maximumPaths, expected] of [
    [2, "fe80::2%1,fe80::2%2"],
    [1, one],
  ] as const) {
    reconfigure(r1.router, { multipath: { maximumPaths, asPathRelax: false } });
    lab.clock.advance(SOON_MS);
    t.equal(lab.forwarding(1)["10.0.2.0/24"], expected);
  }
  t.match(lab.session(1, "eth1"), { establishedCount: 1 });
});

t.test("a log level holds from the next line on", async (t) => {
  const lab = established(2);
  const { router, log } = lab.member(1);
  const count = log.length;
  reconfigure(router, { logLevel: "error" });
  lab.clock.advance(20_000);
  t.equal(log.length, count);
});

t.test("what cannot change while a router runs changes nothing in it", async (t) => {
  const lab = established(2);
  const { router } = lab.member(1);
  const before = [router.config, identity(lab, 1, "eth1")];
  t.strictSame(reconfigure(router, { asn: 65000, originate: [] }), { effects: ["restart"] });
  t.match(reconfigure(router, { asn: 0, originate: ["10.0.0.1/8"] }), {
    mistakes: [/^asn: AS number 0/, /^originate\[0\]: /],
  });
  t.strictSame([router.config, identity(lab, 1, "eth1")], before);
});
