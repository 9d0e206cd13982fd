import t from "tap";
import { importPath } from "../../../src/bgp/rib/import.ts";
import type { Peer } from "../../../src/bgp/rib/route.ts";
import { exportRoute, internalPeer, local, originatedRoute, peerNumber, routeFrom } from "./fixtures.ts";

/** The attribute Only to Customer (RFC 9234 §5). A role is ours to the peer. */

type Role = NonNullable<Peer["role"]>;

function received(role: Role, onlyToCustomer?: number): number | string | undefined {
  const peer = peerNumber(1, { role });
  const path = routeFrom(peer, onlyToCustomer === undefined ? {} : { onlyToCustomer });
  const imported = importPath(path, peer, local);
  return imported.type === "usable" ? imported.attributes.onlyToCustomer : imported.why;
}

function sent(role: Role, onlyToCustomer?: number): number | string | undefined {
  const route = originatedRoute(onlyToCustomer === undefined ? {} : { onlyToCustomer });
  const exported = exportRoute(route, peerNumber(2, { role }));
  return exported ? exported.attributes.onlyToCustomer : "not told";
}

t.test(
  "what comes from above or from the side is marked with the peer's AS, if it is not marked",
  async (t) => {
    for (const role of ["customer", "peer", "rs-client"] as const) t.equal(received(role), 65001, role);
    for (const role of ["provider", "rs-server"] as const) t.equal(received(role), undefined, role);
  },
);

t.test("what comes from below with a mark, or from a peer with the mark of another, is a leak", async (t) => {
  for (const role of ["provider", "rs-server"] as const) t.equal(received(role, 7), "route leak", role);
  t.equal(received("peer", 7), "route leak");
  t.equal(received("peer", 65001), 65001);
  for (const role of ["customer", "rs-client"] as const) t.equal(received(role, 7), 7, role);
});

t.test("what is marked goes down only, and what goes down or to the side is marked", async (t) => {
  for (const role of ["customer", "peer", "rs-client"] as const) t.equal(sent(role, 7), "not told", role);
  for (const role of ["provider", "rs-server"] as const) t.equal(sent(role, 7), 7, role);
  for (const role of ["provider", "peer", "rs-server"] as const) t.equal(sent(role), 65000, role);
  for (const role of ["customer", "rs-client"] as const) t.equal(sent(role), undefined, role);
});

t.test("without a role, and inside our AS, the mark means nothing", async (t) => {
  const marked = originatedRoute({ onlyToCustomer: 7 });
  t.equal(exportRoute(marked, peerNumber(2))?.attributes.onlyToCustomer, 7);
  t.equal(exportRoute(marked, internalPeer(2, { role: "customer" }))?.attributes.onlyToCustomer, 7);
});
