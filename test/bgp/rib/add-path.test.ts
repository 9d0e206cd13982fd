import t from "tap";
import { openPolicy } from "../../../src/bgp/rib/route.ts";
import { TestRib, type TextMessage } from "./driver.ts";
import {
  announcementFrom,
  endOfRibUpdate,
  local,
  peerNumber,
  sequence,
  v4,
  v6,
  withdrawal,
} from "./fixtures.ts";
import { type PathText, pathText } from "./text.ts";

/** Several paths to a prefix (RFC 7911). */

const [one, two] = [peerNumber(1), peerNumber(2)];
const all = peerNumber(3, { addPathSend: [4] });

function ribWith(...peers: (typeof one)[]): TestRib {
  const rib = new TestRib(local);
  for (const peer of peers) rib.peerUp(peer);
  return rib;
}

const withdrawn = (messages: readonly TextMessage[] = []): readonly PathText[] =>
  messages.flatMap((message) => (message.type === "update" ? message.withdrawn : []));

const announced = (messages: readonly TextMessage[] = []): readonly PathText[] =>
  messages.flatMap((message) =>
    message.type === "update" ? message.announced.flatMap(({ prefixes }) => prefixes) : [],
  );

t.test("each path of a peer is a route of its own, until it is withdrawn", async (t) => {
  const rib = ribWith(one);
  const [first, second] = [pathText(v4, 1), pathText(v4, 2)];
  rib.update("eth1", announcementFrom(one, [first], { med: 9 }));
  rib.update("eth1", announcementFrom(one, [second]));
  t.match(rib.candidates(v4), [
    { pathId: 1, why: "lowest MED" },
    { pathId: 2, why: "lowest MED" },
  ]);
  t.match(rib.counts("eth1"), { received: 2, accepted: 2 });
  t.equal(rib.bestOf(v4)?.route.pathId, 2);
  rib.update("eth1", withdrawal(second));
  t.equal(rib.bestOf(v4)?.route.pathId, 1);
});

t.test("of two paths that are equal in all else the lower identifier is the best", async (t) => {
  const rib = ribWith(one);
  rib.update("eth1", announcementFrom(one, [pathText(v4, 2), pathText(v4, 1)]));
  t.match(rib.bestOf(v4), { route: { pathId: 1 }, decidedBy: "lowest path identifier" });
});

t.test("a peer is told every path that may be used, but not its own", async (t) => {
  const rib = ribWith(one, two, all);
  rib.update("eth1", announcementFrom(one, [v4]));
  const better = rib.update("eth2", announcementFrom(two, [v4])).messages.get("eth3");
  t.strictSame(announced(better).length, 1);
  rib.update("eth3", announcementFrom(all, [v4]));
  t.match(rib.counts("eth3"), { advertised: 2 });
  const told = [...rib.rib.advertised("eth3")];
  t.match(told, [{ prefix: v4 }, { prefix: v4 }]);
  t.equal(new Set(told.map(({ pathId }) => pathId)).size, 2);
});

t.test("an identifier stays with its route, and goes with it", async (t) => {
  const rib = ribWith(one, two, all);
  const [id] = announced(rib.update("eth1", announcementFrom(one, [v4])).messages.get("eth3"));
  const other = announcementFrom(one, [v4], { asPath: [sequence(65001, 7)] });
  t.strictSame(announced(rib.update("eth1", other).messages.get("eth3")), [id]);
  t.strictSame(announced(rib.update("eth2", announcementFrom(two, [v4])).messages.get("eth3")).length, 1);
  t.strictSame(withdrawn(rib.peerDown("eth1").messages.get("eth3")), [id]);
});

t.test("a family without it has the best route alone", async (t) => {
  const rib = ribWith(one, two, all);
  rib.update("eth2", announcementFrom(two, [v6]));
  t.strictSame(announced(rib.update("eth1", announcementFrom(one, [v6])).messages.get("eth3")), [v6]);
  t.match(rib.counts("eth3"), { advertised: 1 });
});

t.test("a refresh has every path (RFC 2918 §4), and a peer that comes late, too", async (t) => {
  const rib = ribWith(one, two);
  rib.update("eth1", announcementFrom(one, [v4]));
  rib.update("eth2", announcementFrom(two, [v4]));
  const table = rib.peerUp(all).messages.get("eth3") ?? [];
  t.equal(announced(table).length, 2);
  t.strictSame(table.slice(-2), [endOfRibUpdate(4), endOfRibUpdate(6)]);
  const again = rib.refresh("eth3", 4).messages.get("eth3") ?? [];
  t.strictSame([...announced(again)].sort(), [...announced(table)].sort());
  t.strictSame(again.at(-1), endOfRibUpdate(4));
});

t.test("another policy is told as a difference, and back again", async (t) => {
  const rib = ribWith(one, two, all);
  rib.update("eth1", announcementFrom(one, [v4]));
  rib.update("eth2", announcementFrom(two, [v4]));
  const told = (policy = openPolicy) => rib.setPolicy("eth3", policy).messages.get("eth3");
  t.equal(withdrawn(told({ ...openPolicy, exportPrefixes: new Set() })).length, 2);
  t.equal(announced(told()).length, 2);
  t.equal(told(), undefined);
});
