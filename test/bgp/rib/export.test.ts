import t from "tap";
import { openPolicy, type Peer, type PeerPolicy, type Route } from "../../../src/bgp/rib/route.ts";
import type { PathAttributes } from "../../../src/bgp/wire/message.ts";
import type { Address } from "../../../src/net/address.ts";
import {
  exportRoute,
  internalPeer,
  local,
  originatedRoute,
  peerNumber,
  routeFrom,
  sequence,
  v6,
} from "./fixtures.ts";

const from = peerNumber(1);
const external = peerNumber(2);
const internal = internalPeer(3);

const exported = (route: Route, peer: Peer) => exportRoute(route, peer, local)?.attributes;

t.test("a route goes to every peer but over the interface it came from", async (t) => {
  t.equal(exportRoute(routeFrom(from), from, local), undefined);
  t.ok(exportRoute(routeFrom(from), { ...from, session: "eth9", ifname: "eth9" }, local));
  t.ok(exportRoute(routeFrom(from), external, local));
});

t.test("a route of an iBGP peer goes to eBGP peers only (RFC 4271 §9.2)", async (t) => {
  const route = routeFrom(internalPeer(4), { asPath: [], localPref: 100 });
  t.equal(exportRoute(route, internal, local), undefined);
  t.ok(exportRoute(route, external, local));
  t.ok(exportRoute(routeFrom(from), internal, local), "and one of an eBGP peer goes to iBGP peers");
});

t.test("the next hop is always our link-local address on that session", async (t) => {
  for (const peer of [external, internal]) {
    const there = { ...peer, localAddress: "fe80::abc" as Address };
    for (const route of [originatedRoute(), routeFrom(from)]) {
      t.strictSame(exportRoute(route, there, local)?.nextHop, { linkLocal: "fe80::abc" });
    }
  }
});

t.test("an eBGP peer sees our ASN in front of the path (RFC 4271 §5.1.2 b)", async (t) => {
  const full = sequence(...Array.from({ length: 255 }, (_, index) => index + 1));
  const almost = sequence(...full.asns.slice(1));
  const set = { type: "set", asns: [7, 8] } as const;
  const cases: readonly [string, PathAttributes["asPath"], PathAttributes["asPath"]][] = [
    ["in a segment of its own if the path is empty", [], [sequence(65000)]],
    ["merged into the first sequence", [sequence(5), set], [sequence(65000, 5), set]],
    ["before a set", [set], [sequence(65000), set]],
    ["up to 255 in a segment", [almost], [sequence(65000, ...almost.asns)]],
    ["and no more than 255", [full], [sequence(65000), full]],
    [
      "without confederation segments (RFC 5065 §4.1)",
      [{ type: "confedSequence", asns: [3] }, { type: "confedSet", asns: [4] }, sequence(5)],
      [sequence(65000, 5)],
    ],
  ];
  for (const [name, asPath, expected] of cases) {
    const told = exported(routeFrom(from, { asPath }), external)?.asPath ?? [];
    t.strictSame(
      told.map(({ type, asns }) => ({ type, asns: [...asns] })),
      expected,
      name,
    );
  }
});

t.test("an iBGP peer sees the path as it is (RFC 4271 §5.1.2)", async (t) => {
  const asPath = [{ type: "confedSequence", asns: [3] } as const, sequence(5)];
  t.strictSame(exported(routeFrom(from, { asPath }), internal)?.asPath, asPath);
  t.strictSame(exported(originatedRoute(), internal)?.asPath, []);
});

t.test("LOCAL_PREF goes to every iBGP peer and to no other (RFC 4271 §5.1.5)", async (t) => {
  t.equal(exported(routeFrom(from), internal)?.localPref, 100);
  t.equal(exported(originatedRoute({ localPref: 7 }), internal)?.localPref, 7);
  t.notOk("localPref" in (exported(originatedRoute({ localPref: 7 }), external) ?? {}));
});

t.test("another AS's MED stays in ours, and ours goes out (RFC 4271 §5.1.4)", async (t) => {
  t.notOk("med" in (exported(routeFrom(from, { med: 5 }), external) ?? {}));
  t.equal(exported(routeFrom(from, { med: 5 }), internal)?.med, 5);
  t.equal(exported(originatedRoute({ med: 5 }), external)?.med, 5);
});

t.test("well-known communities are obeyed (RFC 1997)", async (t) => {
  const cases = [
    { name: "NO_EXPORT", community: 0xffffff01, external: false, internal: true },
    { name: "NO_ADVERTISE", community: 0xffffff02, external: false, internal: false },
    { name: "NO_EXPORT_SUBCONFED", community: 0xffffff03, external: false, internal: true },
    { name: "65000:1", community: 65000 * 65536 + 1, external: true, internal: true },
  ];
  for (const { name, community, ...expected } of cases) {
    const route = routeFrom(from, { communities: [1, community] });
    t.equal(exportRoute(route, external, local) !== undefined, expected.external, `${name} to eBGP`);
    t.equal(exportRoute(route, internal, local) !== undefined, expected.internal, `${name} to iBGP`);
  }
});

t.test("other attributes go on unchanged (RFC 4271 §5)", async (t) => {
  const others = {
    origin: "incomplete",
    atomicAggregate: true,
    aggregator: { asn: 5, address: "10.0.0.1" as Address },
    communities: [1, 2],
    unknown: [{ flags: 0xe0, code: 99, value: Uint8Array.of(1) }],
  } as const;
  t.match(exported(routeFrom(from, others), external), others);
  t.match(exported(routeFrom(from, others), internal), others);
});

t.test("a route goes to a peer whose ASN is in its path, for the peer itself to refuse", async (t) => {
  t.ok(exportRoute(routeFrom(from, { asPath: [sequence(from.asn, external.asn)] }), external, local));
});

t.test("prefixes go only where the session can carry them", async (t) => {
  const ipv4 = originatedRoute();
  const ipv6 = { ...originatedRoute(), prefix: v6 };
  const goesTo = (route: Route, differences: Partial<Peer>) =>
    exportRoute(route, { ...external, ...differences }, local) !== undefined;
  t.notOk(goesTo(ipv4, { extendedNextHop: false }), "IPv4 without RFC 8950");
  t.notOk(goesTo(ipv4, { families: [6] }), "IPv4 without the family");
  t.notOk(goesTo(ipv6, { families: [4] }), "IPv6 without the family");
  t.ok(goesTo(ipv6, { families: [6], extendedNextHop: false }), "IPv6 needs nothing else");
});

const policy = (change: Partial<PeerPolicy>) => peerNumber(2, { policy: { ...openPolicy, ...change } });

t.test("private ASNs are taken out, but for the peer's own (RFC 6996)", async (t) => {
  const asPath = [
    sequence(64512, 7, 65534, 4_200_000_000),
    { type: "set", asns: [65001] } as const,
    sequence(65002),
  ];
  const told = exported(routeFrom(from, { asPath }), policy({ removePrivateAs: true }))?.asPath;
  t.strictSame(told, [sequence(65000, 7), sequence(65002)]);
  t.strictSame(exported(routeFrom(from, { asPath: [] }), policy({ removePrivateAs: true }))?.asPath, [
    sequence(65000),
  ]);
});

t.test("extended communities that are not transitive stay in our AS (RFC 4360 §6)", async (t) => {
  const extendedCommunities = ["0002fde800000001", "4002fde800000001"];
  t.strictSame(
    exported(routeFrom(from, { extendedCommunities }), internal)?.extendedCommunities,
    extendedCommunities,
  );
  t.strictSame(
    exported(routeFrom(from, { extendedCommunities }), external)?.extendedCommunities,
    extendedCommunities.slice(0, 1),
  );
  t.notOk(
    "extendedCommunities" in
      (exported(routeFrom(from, { extendedCommunities: extendedCommunities.slice(1) }), external) ?? {}),
    "an empty attribute is none",
  );
});

t.test("before a session ends all that it is told says so (RFC 8326 §4.2)", async (t) => {
  const shutdown = policy({ gracefulShutdown: true });
  t.strictSame(exported(routeFrom(from, { communities: [7] }), shutdown)?.communities, [7, 0xffff0000]);
});

t.test(
  "an external peer without an export policy is told nothing, if one is required (RFC 8212)",
  async (t) => {
    const required = { ...openPolicy, requirePolicy: true };
    t.notOk(exported(originatedRoute(), peerNumber(2, { policy: required })));
    t.ok(exported(originatedRoute(), internalPeer(2, { policy: required })));
  },
);

t.test("an export policy is applied first, and may set the MED that another AS sees", async (t) => {
  const rules = [
    { match: { med: { min: 3, max: 3 } }, set: {}, action: "reject" },
    { match: { communities: [7] }, set: { med: 5 }, action: "accept" },
    { match: {}, set: { prepend: 2, localPref: 7 }, action: "accept" },
  ] as const;
  const filtered = policy({ export: { name: "out", rules }, communities: [9] });
  t.equal(exported(routeFrom(from, { med: 3 }), filtered), undefined);
  t.match(exported(routeFrom(from, { med: 4, communities: [7] }), filtered), { med: 5, communities: [7, 9] });
  t.match(exported(routeFrom(from, { med: 5, communities: [7] }), filtered), { med: 5 });
  t.notOk("med" in (exported(routeFrom(from, { med: 5 }), filtered) ?? {}), "another rule sets the same");
  const prepended = exported(routeFrom(from, { med: 4 }), filtered);
  t.strictSame(prepended?.asPath, [sequence(65000, 65000, 65000, 65001)]);
  t.notOk("med" in (prepended ?? {}) || "localPref" in (prepended ?? {}));
});

t.test(
  "a peer on the link that a route came in on is told the next hop that came with it (RFC 4271 §5.1.3)",
  async (t) => {
    const teller = peerNumber(1, { session: "lan/fe80::1", ifname: "lan" });
    const there = peerNumber(2, { session: "lan/fe80::2", ifname: "lan" });
    const told = { linkLocal: "fe80::9" as Address };
    const nextHopOf = (peer: Peer, nextHop = told) =>
      exportRoute({ ...routeFrom(teller), nextHop }, peer, local)?.nextHop;
    t.strictSame(nextHopOf(there), told);
    t.strictSame(nextHopOf({ ...there, asn: local.asn }), told, "inside the AS, too");
    t.strictSame(nextHopOf(external), { linkLocal: "fe80::ff" }, "on any other link it means nothing");
    t.strictSame(
      nextHopOf(there, { linkLocal: there.address }),
      { linkLocal: "fe80::ff" },
      "nobody is told itself",
    );
    const set = { ...openPolicy, nextHop: { ipv4: "fe80::5" as Address } };
    t.strictSame(nextHopOf({ ...there, policy: set }), { linkLocal: "fe80::5" });
    const rules = [{ match: {}, set: { nextHop: "fe80::7" as Address }, action: "accept" }] as const;
    const ruled = { ...openPolicy, export: { name: "out", rules } };
    const said = "a rule goes over all of these";
    t.strictSame(nextHopOf({ ...there, policy: ruled }), { linkLocal: "fe80::7" }, said);
    t.strictSame(nextHopOf({ ...there, policy: { ...set, ...ruled, nextHop: set.nextHop } }), {
      linkLocal: "fe80::7",
    });
    t.strictSame(nextHopOf({ ...external, policy: ruled }), { linkLocal: "fe80::7" }, said);
  },
);
