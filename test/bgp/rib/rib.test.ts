import t from "tap";
import type { Peer } from "../../../src/bgp/rib/route.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { newsOf, TestRib, type TextEffects } from "./driver.ts";
import {
  announcement,
  announcementFrom,
  attributes,
  endOfRibUpdate,
  gone,
  internalPeer,
  local,
  peerNumber,
  sequence,
  v4,
  v6,
  withdrawal,
} from "./fixtures.ts";

const [one, two, three] = [peerNumber(1), peerNumber(2), peerNumber(3)];
const { localAddress: linkLocal } = one;
const own = attributes({ asPath: [sequence(65000)] });
const none: TextEffects = { changes: [], messages: new Map() };

function ribWith(...peers: Peer[]): TestRib {
  const rib = new TestRib(local);
  for (const peer of peers) rib.peerUp(peer);
  return rib;
}

t.test("an originated prefix is announced to every peer, once", async (t) => {
  const rib = ribWith(one, internalPeer(2));
  const { changes, messages } = rib.originate(v4);
  t.match(changes, [{ prefix: v4, best: { route: { peer: undefined }, decidedBy: "only route" } }]);
  t.strictSame(messages.get("eth1"), [announcement([v4], { linkLocal }, own)]);
  t.strictSame(messages.get("eth2"), [announcement([v4], { linkLocal }, attributes({ localPref: 100 }))]);
  t.strictSame(rib.originate(v4), none, "saying so again changes nothing");
});

t.test("a prefix no longer originated is withdrawn, or replaced by what a peer has", async (t) => {
  const rib = ribWith(one, two);
  rib.originate(v4);
  rib.originate(v6);
  t.strictSame(rib.update("eth1", announcementFrom(one, [v4])), none);
  t.equal(rib.bestOf(v4)?.decidedBy, "originated here");
  const lost = rib.withdraw(v6);
  t.strictSame(lost.changes, [gone(v6)]);
  t.strictSame(
    [...lost.messages],
    [
      ["eth1", [withdrawal(v6)]],
      ["eth2", [withdrawal(v6)]],
    ],
  );
  const replaced = rib.withdraw(v4);
  t.match(replaced.changes, [{ prefix: v4, best: { route: { peer: one } } }]);
  t.strictSame(
    [...replaced.messages],
    [
      ["eth1", [withdrawal(v4)]],
      ["eth2", [announcement([v4], { linkLocal }, attributes({ asPath: [sequence(65000, 65001)] }))]],
    ],
  );
  t.strictSame(rib.withdraw(v4), none);
});

t.test("a new peer gets the table in few UPDATEs, then an End-of-RIB a family (RFC 4724 §2)", async (t) => {
  const rib = new TestRib(local);
  const v4b = prefix("10.0.1.0/24");
  for (const each of [v4, v4b, v6]) rib.originate(each);
  t.strictSame(rib.peerUp(one), {
    changes: [],
    messages: new Map([
      [
        "eth1",
        [
          announcement([v4, v4b], { linkLocal }, own),
          announcement([v6], { linkLocal }, own),
          endOfRibUpdate(4),
          endOfRibUpdate(6),
        ],
      ],
    ]),
  });
  const ipv6Only = rib.peerUp(peerNumber(2, { families: [6] })).messages.get("eth2");
  t.strictSame(ipv6Only, [announcement([v6], { linkLocal }, own), endOfRibUpdate(6)]);
});

t.test("a peer that goes down takes its routes along", async (t) => {
  const rib = ribWith(one, two, three);
  rib.update("eth1", announcementFrom(one, [v4, v6]));
  rib.update("eth2", announcementFrom(two, [v4], { asPath: [sequence(65002, 9)] }));
  const { changes, messages } = rib.peerDown("eth1");
  t.match(changes, [
    { prefix: v4, best: { route: { peer: two }, decidedBy: "only route" } },
    { prefix: v6, best: undefined },
  ]);
  t.strictSame(newsOf(messages.get("eth2")), { [v4]: undefined, [v6]: undefined });
  const asPath = [sequence(65000, 65002, 9)];
  t.strictSame(newsOf(messages.get("eth3")), { [v4]: attributes({ asPath }), [v6]: undefined });
  t.equal(messages.size, 2);
  t.equal(rib.counts("eth1"), undefined);
  t.strictSame(rib.peerDown("eth1"), none);
});

t.test("a session that comes up anew starts from nothing", async (t) => {
  const rib = ribWith(one, two);
  rib.update("eth1", announcementFrom(one, [v4]));
  const { changes, messages } = rib.peerUp({ ...one });
  t.strictSame(changes, [gone(v4)]);
  t.strictSame(
    messages,
    new Map([
      ["eth2", [withdrawal(v4)]],
      ["eth1", [endOfRibUpdate(4), endOfRibUpdate(6)]],
    ]),
  );
  t.strictSame(rib.counts("eth1"), { received: 0, accepted: 0, advertised: 0 });
});

t.test("two links to one router with one link-local address are two peers", async (t) => {
  const twin = { ...one, session: "eth10", ifname: "eth10" };
  const rib = ribWith(twin, one);
  rib.update("eth10", announcementFrom(twin, [v4]));
  rib.update("eth1", announcementFrom(one, [v4]));
  t.match(rib.bestOf(v4), { route: { peer: one }, decidedBy: "lowest interface name" });
  t.equal(rib.candidates(v4).length, 2);
  t.match(rib.peerDown("eth1").changes, [{ prefix: v4, best: { route: { peer: twin } } }]);
});

t.test("a path with our ASN is an implicit withdrawal (RFC 4271 §3.1, §9.1.2)", async (t) => {
  const rib = ribWith(one, two);
  rib.update("eth1", announcementFrom(one, [v4]));
  const { changes, messages } = rib.update(
    "eth1",
    announcementFrom(one, [v4], { asPath: [sequence(65001, 65000)] }),
  );
  t.strictSame(changes, [gone(v4)]);
  t.strictSame([...messages], [["eth2", [withdrawal(v4)]]]);
  t.match(rib.candidates(v4), [{ usable: false, why: "AS loop" }]);
  t.strictSame(rib.counts("eth1"), { received: 1, accepted: 0, advertised: 0 });
});

t.test("an UPDATE that leaves the best route alone leads to nothing", async (t) => {
  const rib = ribWith(one, two, three);
  rib.update("eth1", announcementFrom(one, [v4]));
  t.strictSame(rib.update("eth1", announcementFrom(one, [v4])), none, "the same again");
  t.strictSame(rib.update("eth2", announcementFrom(two, [v4])), none, "a worse one");
  t.equal(rib.bestOf(v4)?.decidedBy, "lowest peer router ID", "which is then what decides");
  t.strictSame(rib.update("eth2", withdrawal(v4)), none, "and its end");
  t.strictSame(rib.update("eth1", endOfRibUpdate(4)), none);
});

t.test("a route refresh repeats one family (RFC 2918 §4)", async (t) => {
  const rib = ribWith(one, peerNumber(2, { families: [4] }));
  rib.originate(v4);
  rib.originate(v6);
  t.strictSame(rib.refresh("eth1", 6), {
    changes: [],
    messages: new Map([["eth1", [announcement([v6], { linkLocal }, own), endOfRibUpdate(6)]]]),
  });
  t.strictSame(rib.refresh("eth2", 6), none, "unless the session does not have it");
});

t.test("events of a peer that is not up change nothing", async (t) => {
  const rib = new TestRib(local);
  t.strictSame(rib.update("eth1", announcementFrom(one, [v4])), none);
  t.strictSame(rib.refresh("eth1", 4), none);
  t.strictSame(rib.peerDown("eth1"), none);
  t.strictSame([...rib.best()], []);
});

t.test("counts tell what passed each way", async (t) => {
  const rib = ribWith(one, two);
  rib.originate(prefix("10.9.0.0/16"));
  rib.update("eth1", announcementFrom(one, [v4, v6]));
  t.strictSame(rib.counts("eth1"), { received: 2, accepted: 2, advertised: 1 });
  t.strictSame(rib.counts("eth2"), { received: 0, accepted: 0, advertised: 3 });
  t.equal([...rib.best()].length, 3);
});

t.test("100,000 routes take three UPDATEs to three peers", async (t) => {
  const rib = ribWith(one, two, three, peerNumber(4));
  const many = Array.from({ length: 100_000 }, (_, n) =>
    prefix(`10.${n >>> 16}.${(n >>> 8) & 255}.${n & 255}/32`),
  );
  const { changes, messages } = rib.update("eth1", announcementFrom(one, many));
  t.equal(changes.length, many.length);
  t.strictSame(
    [...messages].map(([ifname, sent]) => [ifname, sent.length]),
    [
      ["eth2", 1],
      ["eth3", 1],
      ["eth4", 1],
    ],
  );
});

t.test("a paused peer hears at its return what is new by then, and no more", async (t) => {
  const rib = ribWith(one, two);
  rib.originate(v6);
  rib.pause("eth1");
  t.strictSame([...rib.originate(v4).messages.keys()], ["eth2"]);
  const passing = prefix("10.0.1.0/24");
  rib.originate(passing);
  rib.withdraw(passing);
  rib.withdraw(v6);
  t.strictSame(rib.resume("eth1"), {
    changes: [],
    messages: new Map([["eth1", [withdrawal(v6), announcement([v4], { linkLocal }, own)]]]),
  });
  t.strictSame(rib.resume("eth1"), none);
  t.strictSame([...rib.originate(v6).messages.keys()], ["eth1", "eth2"]);
});

t.test("however often a paused peer asks for a refresh, it gets one (RFC 2918)", async (t) => {
  const rib = ribWith(one);
  rib.originate(v4);
  rib.pause("eth1");
  rib.pause("eth1");
  for (let times = 0; times < 3; times++) t.strictSame(rib.refresh("eth1", 4), none);
  t.strictSame(rib.resume("eth1").messages.get("eth1"), [
    announcement([v4], { linkLocal }, own),
    endOfRibUpdate(4),
  ]);
});

t.test("a peer that went down while it was paused starts anew", async (t) => {
  const rib = ribWith(one);
  rib.pause("eth1");
  rib.originate(v4);
  rib.peerDown("eth1");
  t.strictSame(rib.resume("eth1"), none);
  rib.pause("eth1");
  t.match(rib.peerUp(one).messages.get("eth1"), [announcement([v4], { linkLocal }, own), {}, {}]);
  t.strictSame([...rib.originate(v6).messages.keys()], ["eth1"]);
});
