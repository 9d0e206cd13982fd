import t from "tap";
import type { Peer } from "../../../src/bgp/rib/route.ts";
import { asn } from "../../../src/net/asn.ts";
import { TestRib } from "./driver.ts";
import { announcementFrom, endOfRibUpdate, local, peerNumber, v4, v6 } from "./fixtures.ts";

/** Graceful restart (RFC 4724). */

const restarter = (forwarding: readonly (4 | 6)[]) =>
  peerNumber(1, { gracefulRestart: { restarting: true, forwarding } });
const peer = restarter([4, 6]);

/** With routes of both families of a peer that has gone away, of which IPv4 is kept, and somebody who watches. */
function away(): TestRib {
  const rib = new TestRib(local);
  rib.peerUp(peerNumber(2));
  rib.peerUp(peer);
  rib.update("eth1", announcementFrom(peer, [v4, v6]));
  rib.peerDown("eth1", [4]);
  return rib;
}

const back = (rib: TestRib, as: Peer = peer) =>
  rib.peerUp(as).changes.map(({ prefix, type }) => [prefix, type]);

t.test("what a peer told is used while it is away, but is stale (§4.2)", async (t) => {
  const rib = away();
  t.match(rib.candidates(v4), [{ usable: true, stale: true }]);
  t.ok(rib.bestOf(v4));
  t.equal(rib.bestOf(v6), undefined);
  t.equal(rib.counts("eth1"), undefined);
  t.match(rib.counts("eth2"), { advertised: 1 });
});

t.test(
  "what it tells again is fresh, and what it has not told again at the end of its table is gone",
  async (t) => {
    const rib = away();
    t.strictSame(back(rib), []);
    t.strictSame(rib.update("eth1", announcementFrom(peer, [v4])).messages.size, 0, "nobody hears of it");
    t.match(rib.candidates(v4), [{ stale: false }]);
    t.strictSame(rib.update("eth1", endOfRibUpdate(4)).changes, []);
    const gone = away();
    back(gone);
    t.match(gone.update("eth1", endOfRibUpdate(6)).changes, []);
    t.match(gone.update("eth1", endOfRibUpdate(4)).changes, [{ prefix: v4, type: "none" }]);
  },
);

t.test("routes go when the peer does not come back in time", async (t) => {
  const rib = away();
  t.match(rib.forget("eth1").changes, [{ prefix: v4, type: "none" }]);
  t.strictSame(rib.rib.sizes.routes, 0);
});

t.test("or if it comes back without having kept forwarding, or as somebody else", async (t) => {
  t.strictSame(back(away(), restarter([6])), [[v4, "none"]]);
  t.strictSame(back(away(), peerNumber(1)), [[v4, "none"]]);
  t.strictSame(back(away(), { ...peer, asn: asn(65009) }), [[v4, "none"]]);
});

t.test("what is stale when it goes away again is not kept again (§4.2)", async (t) => {
  const rib = away();
  back(rib);
  t.match(rib.peerDown("eth1", [4]).changes, [{ prefix: v4, type: "none" }]);
});

t.test(
  "after our own restart nothing is decided or told until all have told their tables (§4.1)",
  async (t) => {
    const rib = new TestRib(local);
    rib.defer();
    rib.originate(v4);
    t.equal(rib.peerUp(peerNumber(2)).messages.size, 0);
    t.equal(rib.rib.busy, false);
    t.strictSame(rib.settle().changes, []);
    const { changes, messages } = rib.select();
    t.match(changes, [{ prefix: v4, type: "local" }]);
    t.match(messages.get("eth2"), [{ announced: [{}] }, { endOfRib: 4 }, { endOfRib: 6 }]);
  },
);
