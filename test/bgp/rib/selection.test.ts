import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import { decide } from "../../../src/bgp/rib/decision.ts";
import type { Peer, Route } from "../../../src/bgp/rib/route.ts";
import type { PathAttributes } from "../../../src/bgp/wire/message.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import { TestRib } from "./driver.ts";
import { announcementFrom, internalPeer, local, peerNumber, sequence, v4 } from "./fixtures.ts";
import { pathText } from "./text.ts";

const one = peerNumber(1);

/** Some differ late: by router ID, by address, by interface alone. */
const peers: readonly Peer[] = [
  one,
  peerNumber(2, { asn: one.asn }),
  peerNumber(3, { asn: one.asn, routerId: one.routerId }),
  peerNumber(4, { ...one, ifname: "eth04" }),
  peerNumber(5, { asn: one.asn, routerId: one.routerId, address: "fe80::10" as Address }),
  internalPeer(6),
  internalPeer(7, { routerId: "0.0.0.6" as RouterId }),
];

const anyRouterId = fc.constantFrom("0.0.0.1", "0.0.0.6", "0.0.0.9") as fc.Arbitrary<RouterId>;

const anyAttributes: fc.Arbitrary<PathAttributes> = fc.record(
  {
    origin: fc.constantFrom("igp", "egp", "incomplete"),
    asPath: fc.constantFrom(
      [sequence(one.asn)],
      [sequence(one.asn, 2)],
      [sequence(one.asn), { type: "set", asns: [3, 4] } as const],
      [{ type: "confedSequence", asns: [8] } as const, sequence(one.asn, 2)],
    ),
    med: fc.nat(2),
    localPref: fc.constantFrom(100, 101),
    originatorId: anyRouterId,
    clusterList: fc.array(anyRouterId, { maxLength: 2 }),
  },
  { requiredKeys: ["origin", "asPath"], noNullPrototype: true },
);

t.test("the decision on numbers is the one by the list of rules, in any order of arrival", async (t) => {
  const told = fc.tuple(fc.constantFrom(...peers), fc.nat(1), anyAttributes);
  const property = fc.property(fc.array(told, { maxLength: 12 }), (all) => {
    const rib = new TestRib(local);
    for (const peer of peers) rib.peerUp(peer);
    for (const [peer, pathId, attributes] of all) {
      rib.update(peer.ifname, announcementFrom(peer, [pathText(v4, pathId + 1)], attributes));
    }
    const routes = rib
      .candidates(v4)
      .map(({ usable: _, why: _why, stale: _stale, ...route }): Route => route);
    const best = rib.bestOf(v4);
    assert.deepEqual(best && { best: best.route, decidedBy: best.decidedBy }, decide(routes, local));
  });
  t.doesNotThrow(() => fc.assert(property, { numRuns: 500 }));
});
