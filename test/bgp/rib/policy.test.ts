import t from "tap";
import { openPolicy, type PeerPolicy } from "../../../src/bgp/rib/route.ts";
import type { Address } from "../../../src/net/address.ts";
import { TestRib } from "./driver.ts";
import {
  announcement,
  announcementFrom,
  attributes,
  exportRoute,
  internalPeer,
  local,
  originatedRoute,
  peerNumber,
  routeFrom,
  sequence,
  v4,
  v6,
  withdrawal,
} from "./fixtures.ts";
import type { TextUpdate } from "./text.ts";

const none = openPolicy;
const policy = (change: Partial<PeerPolicy>) => ({ policy: { ...none, ...change } });
const route = routeFrom(peerNumber(1), { med: 9, communities: [1, 2], localPref: 50 });

function heard(asPath: number[], localPref?: number): TextUpdate {
  return {
    type: "update",
    withdrawn: [],
    announced: [{ nextHop: { linkLocal: peerNumber(1).address }, prefixes: [v4] }],
    attributes: attributes({
      asPath: [sequence(...asPath)],
      ...(localPref === undefined ? {} : { localPref }),
    }),
    endOfRib: undefined,
    errors: [],
  };
}

t.test("a peer's policy sets MED and LOCAL_PREF and adds communities to all that it is told", async (t) => {
  const told = (peer: Parameters<typeof exportRoute>[1]) => exportRoute(route, peer, local)?.attributes;
  t.match(told(peerNumber(2, policy({ med: 3 }))), { med: 3 });
  t.match(told(peerNumber(2, policy({ communities: [2, 3] }))), { communities: [1, 2, 3] });
  t.match(told(internalPeer(2, policy({ localPref: 300 }))), { localPref: 300, med: 9 });
  t.notOk(
    "localPref" in (told(peerNumber(2, policy({ localPref: 300 }))) ?? {}),
    "which stays inside the AS",
  );
  t.strictSame(told(peerNumber(2, { policy: none })), told(peerNumber(2)), "an empty policy changes nothing");
});

t.test("a peer's policy sets LOCAL_PREF of all that it tells, whatever it says itself", async (t) => {
  const rib = new TestRib(local);
  rib.peerUp(peerNumber(1, policy({ localPref: 300 })));
  rib.update("eth1", heard([65001], 7));
  t.equal(rib.bestOf(v4)?.route.attributes.localPref, 300);
});

t.test(
  "the first AS of an external peer's path is its own, if that is enforced (RFC 4271 §6.3)",
  async (t) => {
    const accepted = (peer: ReturnType<typeof peerNumber>, asPath: number[]) => {
      const rib = new TestRib(local);
      rib.peerUp(peer);
      rib.update("eth1", heard(asPath));
      return rib.counts("eth1")?.accepted;
    };
    const enforced = policy({ enforceFirstAs: true });
    t.equal(accepted(peerNumber(1, enforced), [65001, 3]), 1);
    t.equal(accepted(peerNumber(1, enforced), [3, 65001]), 0);
    t.equal(accepted(peerNumber(1), [3, 65001]), 1);
    t.equal(accepted(internalPeer(1, enforced), [3]), 1, "an internal peer does not prepend itself");
  },
);

t.test(
  "a new policy is told at once where it makes a difference, and to a paused peer when it resumes",
  async (t) => {
    const rib = new TestRib(local);
    rib.originate(v4);
    rib.peerUp(peerNumber(2));
    const [update] = rib.setPolicy("eth2", { ...none, med: 4 }).messages.get("eth2") ?? [];
    t.match(update, { announced: [{ prefixes: [v4] }], attributes: { med: 4 } });
    t.equal(rib.setPolicy("eth2", { ...none, med: 4 }).messages.size, 0, "nothing that it knows already");
    rib.pause("eth2");
    t.equal(rib.setPolicy("eth2", { ...none, med: 5 }).messages.size, 0);
    t.match(rib.resume("eth2").messages.get("eth2"), [{ attributes: { med: 5 } }]);
    t.equal(rib.setPolicy("eth9", none).messages.size, 0, "nobody is there");
  },
);

t.test("only the prefixes on an import list are used, and none if it is empty", async (t) => {
  const rib = new TestRib(local);
  const peer = peerNumber(1, policy({ importPrefixes: new Set([v6]) }));
  rib.peerUp(peer);
  rib.update("eth1", announcementFrom(peer, [v4, v6]));
  t.strictSame(rib.counts("eth1"), { received: 2, accepted: 1, advertised: 0 });
  t.equal(rib.bestOf(v4), undefined);
  rib.setPolicy("eth1", { ...none, importPrefixes: new Set() });
  t.equal(rib.bestOf(v6), undefined, "also for what was told before");
  t.match(rib.counts("eth1"), { received: 2, accepted: 0 });
  t.match(rib.candidates(v6), [{ usable: false, why: "not in importPrefixes" }]);
  t.equal(rib.setPolicy("eth1", none).changes.length, 2);
});

t.test("an import list that a refresh makes no difference to changes nothing", async (t) => {
  const rib = new TestRib(local);
  const peer = peerNumber(1);
  rib.peerUp(peer);
  rib.update("eth1", announcementFrom(peer, [v4]));
  rib.setPolicy("eth1", { ...none, importPrefixes: new Set([v4]) });
  t.strictSame(rib.update("eth1", announcementFrom(peer, [v4])).changes, []);
});

t.test("a new export list withdraws and announces just the difference", async (t) => {
  const rib = new TestRib(local);
  rib.originate(v4);
  rib.originate(v6);
  rib.peerUp(peerNumber(2, policy({ exportPrefixes: new Set([v4]) })));
  t.match(rib.counts("eth2"), { advertised: 1 });
  const told = (exportPrefixes: PeerPolicy["exportPrefixes"]) =>
    rib.setPolicy("eth2", { ...none, exportPrefixes }).messages.get("eth2") ?? [];
  const own = attributes({ asPath: [sequence(65000)] });
  const linkLocal = peerNumber(2).localAddress;
  t.strictSame(told(new Set([v6])), [withdrawal(v4), announcement([v6], { linkLocal }, own)]);
  t.strictSame(told(null), [announcement([v4], { linkLocal }, own)]);
  t.strictSame(told(new Set([v4, v6])), [], "a list of all is as good as none");
  t.match(told(new Set()), [withdrawal(v4), withdrawal(v6)]);
});

t.test("each family has its own next hop, link-local or global, and ours without one", async (t) => {
  const nextHop = (told: PeerPolicy["nextHop"], prefix = v4) =>
    exportRoute({ ...originatedRoute(), prefix }, peerNumber(2, policy({ nextHop: told })), local)?.nextHop;
  const [other, global] = ["fe80::77" as Address, "2001:db8::7" as Address];
  t.strictSame(nextHop({ ipv4: other }), { linkLocal: other });
  t.strictSame(nextHop({ ipv4: other }, v6), { linkLocal: peerNumber(2).localAddress });
  t.strictSame(nextHop({ ipv6: global }, v6), { global });
});

t.test("a new next hop is told for its family alone, also by a refresh", async (t) => {
  const rib = new TestRib(local);
  rib.originate(v4);
  rib.originate(v6);
  rib.peerUp(peerNumber(2));
  const own = attributes({ asPath: [sequence(65000)] });
  const linkLocal = "fe80::77" as Address;
  const told = () => rib.setPolicy("eth2", { ...none, nextHop: { ipv6: linkLocal } }).messages.get("eth2");
  const news = [announcement([v6], { linkLocal }, own)];
  t.strictSame(told(), news);
  t.equal(told(), undefined, "only once");
  t.strictSame(rib.refresh("eth2", 6).messages.get("eth2")?.[0], news[0]);
});

t.test("an import policy sets the next hop, to one that can be reached", async (t) => {
  const rib = new TestRib(local);
  const peer = peerNumber(1);
  const setting = (nextHop: string): PeerPolicy => ({
    ...none,
    blackhole: true,
    import: {
      name: "in",
      rules: [{ match: {}, set: { nextHop: nextHop as Address }, action: "accept" }],
    },
  });
  rib.peerUp({ ...peer, policy: setting("fe80::7") });
  rib.update("eth1", announcementFrom(peer, [v4]));
  t.strictSame(rib.bestOf(v4)?.route.nextHop, { linkLocal: "fe80::7" });
  for (const [nextHop, why] of [
    [peer.localAddress, "next hop is our own"],
    ["2001:db8::7", "next hop unreachable"],
  ] as const) {
    rib.setPolicy("eth1", setting(nextHop));
    t.equal(rib.bestOf(v4), undefined);
    t.match(rib.candidates(v4), [{ usable: false, why }]);
  }
  rib.setPolicy("eth1", setting("fe80::8"));
  t.strictSame(rib.bestOf(v4)?.route.nextHop, { linkLocal: "fe80::8" });
  rib.update("eth1", announcementFrom(peer, [v4], { communities: [0xffff_029a] }));
  t.equal(rib.bestOf(v4)?.route.nextHop, undefined, "what is to be dropped leads nowhere");
});
