import t from "tap";
import type { RouteRefresh } from "../../../src/bgp/wire/message.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { TestRib, type TextEffects } from "./driver.ts";
import {
  announcement,
  announcementFrom,
  attributes,
  endOfRibUpdate,
  gone,
  local,
  peerNumber,
  sequence,
  v4,
  v6,
  withdrawal,
} from "./fixtures.ts";

/** Refreshes whose beginning and end are marked (RFC 7313). */

const peer = peerNumber(1, { enhancedRouteRefresh: true });
const v4b = prefix("10.0.1.0/24");
const none: TextEffects = { changes: [], messages: new Map() };
const own = attributes({ asPath: [sequence(65000)] });
const toldV4 = announcement([v4], { linkLocal: peer.localAddress }, own);
const mark = (afi: number, subtype: number): RouteRefresh => ({
  type: "routeRefresh",
  afi,
  subtype,
  safi: 1,
});

/** With three routes of the peer's. */
function learnt(differences: Partial<typeof peer> = {}): TestRib {
  const rib = new TestRib(local);
  rib.peerUp({ ...peer, ...differences });
  rib.update("eth1", announcementFrom(peer, [v4, v4b, v6]));
  return rib;
}

const known = (rib: TestRib) => Array.from(rib.best(), ({ route }) => route.prefix);

t.test(
  "all routes of a family are told between two marks, and none are a mark each (RFC 7313 §4)",
  async (t) => {
    const rib = new TestRib(local);
    rib.peerUp(peer);
    rib.originate(v4);
    t.strictSame(rib.refresh("eth1", 4).messages.get("eth1"), [mark(1, 1), toldV4, mark(1, 2)]);
    t.strictSame(rib.refresh("eth1", 6).messages.get("eth1"), [mark(2, 1), mark(2, 2)]);
  },
);

t.test(
  "a peer that reads nothing gets marks and routes when it reads again, as they are by then",
  async (t) => {
    const rib = new TestRib(local);
    rib.peerUp(peer);
    rib.originate(v4b);
    rib.pause("eth1");
    t.strictSame(rib.refresh("eth1", 4), none);
    rib.withdraw(v4b);
    rib.originate(v4);
    t.strictSame(rib.resume("eth1").messages.get("eth1"), [
      withdrawal(v4b),
      toldV4,
      mark(1, 1),
      toldV4,
      mark(1, 2),
    ]);
  },
);

t.test("what the peer does not tell again is gone at the end of its refresh, and not before", async (t) => {
  const rib = learnt();
  rib.peerUp(peerNumber(2));
  rib.beginRefresh("eth1", 4);
  t.strictSame(known(rib), [v4, v4b, v6]);
  t.strictSame(rib.update("eth1", announcementFrom(peer, [v4])), none, "the same again changes nothing");
  const { changes, messages } = rib.endRefresh("eth1", 4);
  t.strictSame(changes, [gone(v4b)]);
  t.strictSame([...messages], [["eth2", [withdrawal(v4b)]]]);
  t.strictSame(known(rib), [v4, v6], "of that family alone");
  t.strictSame(rib.endRefresh("eth1", 4), none);
});

t.test("a route that may not be used is forgotten like any other", async (t) => {
  const rib = learnt();
  rib.update("eth1", announcementFrom(peer, [v4], { asPath: [sequence(65001, local.asn)] }));
  rib.beginRefresh("eth1", 4);
  t.equal(rib.endRefresh("eth1", 4).changes.length, 1);
  t.match(rib.counts("eth1"), { received: 1, accepted: 1 });
});

t.test("a withdrawal within a refresh, and a new route, count as usual", async (t) => {
  const rib = learnt();
  rib.beginRefresh("eth1", 4);
  rib.update("eth1", withdrawal(v4));
  const v4c = prefix("10.0.2.0/24");
  rib.update("eth1", announcementFrom(peer, [v4b, v4c]));
  t.strictSame(rib.endRefresh("eth1", 4), none);
  t.strictSame(known(rib), [v4b, v6, v4c]);
});

t.test("a refresh that begins within one starts over", async (t) => {
  const rib = learnt();
  rib.beginRefresh("eth1", 4);
  rib.update("eth1", announcementFrom(peer, [v4]));
  rib.beginRefresh("eth1", 4);
  rib.update("eth1", announcementFrom(peer, [v4b]));
  rib.endRefresh("eth1", 4);
  t.strictSame(known(rib), [v4b, v6]);
});

t.test("an end without a beginning means nothing, nor does one of the session before", async (t) => {
  const rib = learnt();
  t.strictSame(rib.endRefresh("eth1", 4), none);
  rib.beginRefresh("eth1", 4);
  rib.peerDown("eth1");
  t.strictSame(rib.endRefresh("eth1", 4), none, "nobody is there");
  rib.peerUp(peer);
  rib.update("eth1", announcementFrom(peer, [v4]));
  t.strictSame(rib.endRefresh("eth1", 4), none);
  t.strictSame(known(rib), [v4]);
});

t.test(
  "a peer that can restart gracefully is not believed before its first table is complete (RFC 7313 §4)",
  async (t) => {
    const rib = learnt({ gracefulRestart: { restarting: false, forwarding: [] } });
    rib.beginRefresh("eth1", 4);
    t.strictSame(rib.endRefresh("eth1", 4), none);
    rib.update("eth1", endOfRibUpdate(4));
    rib.beginRefresh("eth1", 4);
    t.equal(rib.endRefresh("eth1", 4).changes.length, 2);
  },
);
