import t from "tap";
import { openPolicy, type Peer } from "../../../src/bgp/rib/route.ts";
import type { RouterId } from "../../../src/net/address.ts";
import { TestRib } from "./driver.ts";
import { announcementFrom, exportRoute, internalPeer, local, peerNumber, routeFrom, v4 } from "./fixtures.ts";

const client = (n: number) => internalPeer(n, { policy: { ...openPolicy, routeReflectorClient: true } });
const goes = (from: Peer, to: Peer) => exportRoute(routeFrom(from), to) !== undefined;

t.test("routes go from clients to all, and from others to clients (RFC 4456 §6)", async (t) => {
  t.ok(goes(client(1), client(2)));
  t.ok(goes(client(1), internalPeer(2)));
  t.ok(goes(internalPeer(1), client(2)));
  t.notOk(goes(internalPeer(1), internalPeer(2)));
});

t.test("a reflected route says whose it was, and where it has been (RFC 4456 §8)", async (t) => {
  const reflector = { ...local, clusterId: "9.9.9.9" as RouterId };
  const first = exportRoute(routeFrom(client(1), { asPath: [] }), client(2), reflector);
  t.match(first?.attributes, { originatorId: "0.0.0.1", clusterList: ["9.9.9.9"] });
  const told = { originatorId: "0.0.0.7" as RouterId, clusterList: ["0.0.0.8" as RouterId] };
  const again = exportRoute(routeFrom(client(1), told), client(2), reflector);
  t.match(again?.attributes, { originatorId: "0.0.0.7", clusterList: ["9.9.9.9", "0.0.0.8"] });
  t.strictSame(again?.nextHop, { linkLocal: client(2).localAddress }, "by us: a link-local next hop");
});

t.test("what is not reflected has neither, and neither goes to another AS (RFC 4456 §8)", async (t) => {
  const own = exportRoute(routeFrom(peerNumber(1)), client(2))?.attributes ?? {};
  t.notOk("originatorId" in own || "clusterList" in own);
  const told = { originatorId: "0.0.0.7" as RouterId, clusterList: ["0.0.0.8" as RouterId] };
  const outside = exportRoute(routeFrom(client(1), told), peerNumber(2))?.attributes ?? {};
  t.notOk("originatorId" in outside || "clusterList" in outside);
});

t.test("a peer that becomes a client has its routes told to the others, and taken back", async (t) => {
  const rib = new TestRib(local);
  for (const n of [1, 2]) rib.peerUp(internalPeer(n));
  rib.update("eth1", announcementFrom(internalPeer(1), [v4], { asPath: [] }));
  t.equal(rib.counts("eth2")?.advertised, 0);
  t.match(rib.setPolicy("eth1", client(1).policy).messages.get("eth2"), [{ announced: [{}] }]);
  t.match(rib.setPolicy("eth1", openPolicy).messages.get("eth2"), [{ withdrawn: [v4] }]);
});
