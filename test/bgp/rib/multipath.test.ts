import t from "tap";
import type { Multipath } from "../../../src/bgp/rib/local.ts";
import type { Peer } from "../../../src/bgp/rib/route.ts";
import type { PathAttributes } from "../../../src/bgp/wire/message.ts";
import { TestRib } from "./driver.ts";
import {
  announcementFrom,
  internalPeer,
  local,
  originatedRoute,
  peerNumber,
  sequence,
  v4,
} from "./fixtures.ts";
import { pathText } from "./text.ts";

/** Whose routes are used, the best first, after each peer has told one. */
function used(
  told: readonly (readonly [Peer, Partial<PathAttributes>])[],
  multipath: Partial<Multipath> = {},
) {
  const rib = ribOf(multipath);
  for (const [peer, differences] of told) {
    rib.peerUp(peer);
    rib.update(peer.ifname, announcementFrom(peer, [v4], differences));
  }
  return rib.bestOf(v4)?.used.map(({ peer }) => peer?.ifname);
}

function ribOf(multipath: Partial<Multipath> = {}): TestRib {
  return new TestRib({ ...local, multipath: { maximumPaths: 8, asPathRelax: false, ...multipath } });
}

const twin = (n: number) => peerNumber(n, { asn: peerNumber(1).asn });
const asPath = [sequence(65001, 7)];

t.test("routes are used together that only the router ID tells apart, as many as may be", async (t) => {
  const told = [1, 2, 3].map((n) => [twin(n), { asPath }] as const);
  t.strictSame(used(told), ["eth1", "eth2", "eth3"]);
  t.strictSame(used([...told].reverse()), ["eth1", "eth2", "eth3"], "in any order of arrival");
  t.strictSame(used(told, { maximumPaths: 2 }), ["eth1", "eth2"]);
  t.strictSame(used(told, { maximumPaths: 1 }), ["eth1"]);
});

t.test("any other rule keeps a route out", async (t) => {
  for (const worse of [{ med: 1 }, { origin: "egp" }, { asPath: [sequence(65001, 7, 7)] }] as const) {
    t.strictSame(
      used([
        [twin(1), { asPath }],
        [twin(2), { asPath, ...worse }],
      ]),
      ["eth1"],
    );
  }
});

t.test("AS paths must be the same, or of one length if that is enough", async (t) => {
  const told = [
    [peerNumber(1), {}],
    [peerNumber(2), {}],
  ] as const;
  t.strictSame(used(told), ["eth1"]);
  t.strictSame(used(told, { asPathRelax: true }), ["eth1", "eth2"]);
});

t.test("eBGP goes with eBGP, and iBGP with iBGP", async (t) => {
  t.strictSame(
    used([
      [twin(1), { asPath }],
      [internalPeer(2), { asPath }],
    ]),
    ["eth1"],
  );
  t.strictSame(
    used([
      [internalPeer(1), { asPath }],
      [internalPeer(2), { asPath }],
    ]),
    ["eth1", "eth2"],
  );
});

t.test("what is originated here is used alone", async (t) => {
  const rib = ribOf();
  rib.originate(v4, originatedRoute().attributes);
  rib.peerUp(peerNumber(1));
  rib.update("eth1", announcementFrom(peerNumber(1), [v4]));
  t.equal(rib.bestOf(v4)?.used.length, 1);
});

t.test("two paths to one next hop are one way", async (t) => {
  const rib = ribOf();
  rib.peerUp(peerNumber(1));
  rib.update("eth1", announcementFrom(peerNumber(1), [pathText(v4, 1), pathText(v4, 2)]));
  t.equal(rib.bestOf(v4)?.used.length, 1);
});

t.test("packets go every way, and peers hear of the best alone", async (t) => {
  const rib = ribOf();
  for (const peer of [twin(1), twin(2), peerNumber(3)]) rib.peerUp(peer);
  const first = rib.update("eth1", announcementFrom(twin(1), [v4], { asPath }));
  t.match(first.changes, [{ type: "forward", via: [{ ifname: "eth1", address: "fe80::1" }] }]);
  const second = rib.update("eth2", announcementFrom(twin(2), [v4], { asPath }));
  t.match(second.changes, [{ via: [{ ifname: "eth1" }, { ifname: "eth2", address: "fe80::2" }] }]);
  t.equal(second.messages.size, 0);
  const third = rib.peerDown("eth2");
  t.strictSame(
    third.changes.map(({ via }) => via),
    first.changes.map(({ via }) => via),
  );
  t.equal(third.messages.size, 0);
  t.match(rib.peerDown("eth1").changes, [{ type: "none", via: [] }]);
});
