import t from "tap";
import { AdjRibOut } from "../../../src/bgp/rib/adj-rib-out.ts";
import { AttributePool } from "../../../src/bgp/rib/attribute-pool.ts";
import type { BestChange, Route } from "../../../src/bgp/rib/route.ts";
import {
  announcement,
  attributes,
  endOfRibUpdate,
  local,
  originatedRoute,
  peerNumber,
  routeFrom,
  sequence,
  v4,
  v6,
  withdrawal,
} from "./fixtures.ts";

const peer = peerNumber(1);
const linkLocal = peer.localAddress;

const adjRibOut = (of = peer) => new AdjRibOut(of, { local, pool: new AttributePool() });
const chosen = (route: Route): BestChange => ({
  prefix: route.prefix,
  best: { route, decidedBy: "only route" },
});
const gone: BestChange = { prefix: v4, best: undefined };

t.test("a new best route is announced as exported, and withdrawn when it is gone", async (t) => {
  const table = adjRibOut();
  const asPath = [sequence(65000, 65002)];
  t.strictSame(table.follow([chosen(routeFrom(peerNumber(2)))]), [
    announcement([v4], { linkLocal }, attributes({ asPath })),
  ]);
  t.equal(table.size, 1);
  t.strictSame(table.follow([gone]), [withdrawal(v4)]);
  t.equal(table.size, 0);
});

t.test("another best route that looks the same to the peer is not announced again", async (t) => {
  const table = adjRibOut();
  const asPath = [sequence(9)];
  t.equal(table.follow([chosen(routeFrom(peerNumber(2), { asPath }))]).length, 1);
  t.strictSame(table.follow([chosen(routeFrom(peerNumber(3), { asPath, med: 7 }))]), []);
});

t.test("what was never advertised is not withdrawn", async (t) => {
  const table = adjRibOut();
  t.strictSame(table.follow([gone]), []);
  t.strictSame(table.follow([chosen(routeFrom(peer)), gone]), []);
});

t.test("a best route that becomes the peer's own is withdrawn from it", async (t) => {
  const table = adjRibOut();
  table.follow([chosen(originatedRoute())]);
  t.strictSame(table.follow([chosen(routeFrom(peer))]), [withdrawal(v4)]);
});

t.test("a replay has one family and its End-of-RIB (RFC 2918 §4)", async (t) => {
  const table = adjRibOut();
  table.follow([chosen(originatedRoute()), chosen({ ...originatedRoute(), prefix: v6 })]);
  const own = attributes({ asPath: [sequence(65000)] });
  t.strictSame(table.replay(6), [announcement([v6], { linkLocal }, own), endOfRibUpdate(6)]);
  t.strictSame(table.replay(4), [announcement([v4], { linkLocal }, own), endOfRibUpdate(4)]);
  t.strictSame(adjRibOut({ ...peer, families: [4] }).replay(6), []);
});
