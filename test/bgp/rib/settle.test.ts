import t from "tap";
import { Rib } from "../../../src/bgp/rib/rib.ts";
import { openPolicy, type Peer } from "../../../src/bgp/rib/route.ts";
import { prefix } from "../../../src/net/prefix.ts";
import { TestRib } from "./driver.ts";
import {
  announcement,
  announcementFrom,
  attributes,
  internalPeer,
  local,
  peerNumber,
  sequence,
  v4,
  withdrawal,
} from "./fixtures.ts";
import { asText, asUpdate } from "./text.ts";

const peers = [1, 2, 3, 4].map((n) => peerNumber(n));
const many = Array.from({ length: 100 }, (_, n) => prefix(`10.0.${n}.0/24`));

function ribWith(...all: readonly Peer[]): Rib {
  const rib = new Rib(local);
  for (const peer of all) rib.peerUp(peer);
  while (rib.busy) rib.settle(1000);
  return rib;
}

/** To whom each of the messages goes, and what it says. */
function told({ advertisements }: ReturnType<Rib["settle"]>) {
  return advertisements.flatMap(({ to, messages }) =>
    messages.map((message) => [to.join(), message.type === "update" ? asText(message, {}) : message]),
  );
}

t.test("an UPDATE is made once for all that are told the same", async (t) => {
  const rib = ribWith(...peers, internalPeer(5));
  rib.update("eth1", asUpdate(announcementFrom(peerNumber(1), [v4])));
  const outside = attributes({ asPath: [sequence(65000, 65001)] });
  const inside = attributes({ asPath: [sequence(65001)], localPref: 100 });
  t.strictSame(told(rib.settle(10)), [
    ["eth2,eth3,eth4", announcement([v4], {}, outside)],
    ["eth5", announcement([v4], {}, inside)],
  ]);
});

t.test("when the best route moves, its old peer hears of it, its new one is told to forget it", async (t) => {
  const rib = ribWith(...peers);
  rib.update("eth2", asUpdate(announcementFrom(peerNumber(2), [v4])));
  rib.settle(10);
  rib.update("eth1", asUpdate(announcementFrom(peerNumber(1), [v4])));
  const now = announcement([v4], {}, attributes({ asPath: [sequence(65000, 65001)] }));
  t.strictSame(told(rib.settle(10)).sort(), [
    ["eth1", withdrawal(v4)],
    ["eth2", now],
    ["eth3,eth4", now],
  ]);
});

t.test("peers that come together are told together", async (t) => {
  const rib = new Rib(local);
  for (const each of many) rib.originate(each);
  rib.settle(1000);
  for (const peer of peers) rib.peerUp(peer);
  const [table] = told(rib.settle(1000));
  t.strictSame(table, [
    "eth1,eth2,eth3,eth4",
    announcement(many.slice(), {}, attributes({ asPath: [sequence(65000)] })),
  ]);
});

t.test("no call does much more than it may, and all is done in the end", async (t) => {
  const rib = ribWith(...peers.slice(0, 2));
  for (const each of many) rib.originate(each);
  rib.peerUp(peerNumber(3));
  rib.refresh("eth2", 4);
  rib.setPolicy("eth2", { ...openPolicy, med: 7 });
  const counted = new Map<string, number>();
  while (rib.busy) {
    const { changes, advertisements } = rib.settle(10);
    t.ok(changes.length <= 10);
    for (const { to, messages } of advertisements) {
      for (const message of messages) {
        if (message.type !== "update") continue;
        const { announced } = asText(message, {});
        const length = announced.flatMap(({ prefixes }) => prefixes).length;
        t.ok(length <= 64, `${length} prefixes`);
        for (const ifname of to) counted.set(ifname, (counted.get(ifname) ?? 0) + length);
      }
    }
  }
  t.strictSame(Object.fromEntries(counted), { eth1: 100, eth2: 200, eth3: 100 });
});

t.test("a prefix that comes and goes between two calls leads to nothing", async (t) => {
  const rib = ribWith(...peers);
  rib.update("eth1", asUpdate(announcementFrom(peerNumber(1), [v4])));
  rib.update("eth1", asUpdate(withdrawal(v4)));
  t.strictSame(rib.settle(10), { changes: [], advertisements: [] });
  rib.settle(10);
  t.strictSame(rib.sizes, { prefixes: 0, paths: 0, routes: 0 });
});

t.test(
  "a peer alone in its group is told nothing of its own, and another one that joins is told of it",
  async (t) => {
    const rib = new TestRib(local);
    rib.peerUp(peerNumber(1));
    rib.update("eth1", announcementFrom(peerNumber(1), [v4]));
    t.match(rib.counts("eth1"), { advertised: 0 });
    t.match(rib.peerUp(peerNumber(2)).messages.get("eth2"), [{ announced: [{ prefixes: [v4] }] }, {}, {}]);
    t.match(rib.counts("eth1"), { advertised: 0 });
    t.match(rib.counts("eth2"), { advertised: 1 });
  },
);

t.test("what is dropped for a peer goes no further than our AS (RFC 7999)", async (t) => {
  const rib = new TestRib(local);
  const from = peerNumber(1, { policy: { ...openPolicy, blackhole: true } });
  for (const peer of [from, peerNumber(2), internalPeer(3)]) rib.peerUp(peer);
  const update = announcementFrom(from, [v4], { communities: [0xffff029a] });
  const { changes, messages } = rib.update("eth1", update);
  t.match(changes, [{ type: "blackhole", via: [] }]);
  t.strictSame([...messages.keys()], ["eth3"]);
  const forwarded = rib.setPolicy("eth1", openPolicy);
  t.match(
    forwarded.changes,
    [{ type: "forward", via: [{ ifname: "eth1" }] }],
    "unless the policy says otherwise",
  );
  t.strictSame([...forwarded.messages.keys()], ["eth2"]);
});
