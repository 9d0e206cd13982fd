import t from "tap";
import { decide } from "../../../src/bgp/rib/decision.ts";
import type { Route } from "../../../src/bgp/rib/route.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import { internalPeer, local, originatedRoute, peerNumber, routeFrom, sequence } from "./fixtures.ts";

interface Contest {
  readonly rule: string;
  readonly winner: Route;
  /** Better by every later rule, where that can be. */
  readonly loser: Route;
  readonly why: string;
}

const one = peerNumber(1);
const two = peerNumber(2);

const contests: readonly Contest[] = [
  {
    rule: "originated here",
    why: "our own prefix, whatever LOCAL_PREF others give theirs",
    winner: originatedRoute(),
    loser: routeFrom(internalPeer(1), { asPath: [], localPref: 1000 }),
  },
  {
    rule: "highest LOCAL_PREF",
    why: "before the path's length (RFC 4271 §9.1.1)",
    winner: routeFrom(internalPeer(2), { asPath: [sequence(1, 2, 3)], localPref: 101 }),
    loser: routeFrom(internalPeer(1), { asPath: [sequence(1)], localPref: 100 }),
  },
  {
    rule: "highest LOCAL_PREF",
    why: "100 where it is missing",
    winner: routeFrom(two, { asPath: [sequence(1, 2, 3)] }),
    loser: routeFrom(internalPeer(1), { localPref: 99 }),
  },
  {
    rule: "shortest AS path",
    why: "before origin (RFC 4271 §9.1.2.2 a)",
    winner: routeFrom(two, { asPath: [sequence(2)], origin: "incomplete" }),
    loser: routeFrom(one, { asPath: [sequence(1, 9)], origin: "igp" }),
  },
  {
    rule: "shortest AS path",
    why: "a set counts 1, however many are in it (RFC 4271 §9.1.2.2 a)",
    winner: routeFrom(two, { asPath: [sequence(2), { type: "set", asns: [7, 8, 9] }] }),
    loser: routeFrom(one, { asPath: [sequence(1, 7, 8)] }),
  },
  {
    rule: "shortest AS path",
    why: "confederation segments count nothing (RFC 5065 §5.3)",
    winner: routeFrom(two, {
      asPath: [{ type: "confedSequence", asns: [4, 5] }, { type: "confedSet", asns: [6] }, sequence(2)],
    }),
    loser: routeFrom(one, { asPath: [sequence(1, 9)] }),
  },
  {
    rule: "lowest origin",
    why: "IGP before EGP (RFC 4271 §9.1.2.2 b)",
    winner: routeFrom(two, { origin: "igp", med: 9 }),
    loser: routeFrom(one, { origin: "egp" }),
  },
  {
    rule: "lowest origin",
    why: "EGP before INCOMPLETE (RFC 4271 §9.1.2.2 b)",
    winner: routeFrom(two, { origin: "egp" }),
    loser: routeFrom(one, { origin: "incomplete" }),
  },
  {
    rule: "lowest MED",
    why: "within one neighbor AS (RFC 4271 §9.1.2.2 c)",
    winner: routeFrom({ ...two, asn: one.asn }, { asPath: [sequence(one.asn)], med: 5 }),
    loser: routeFrom(one, { med: 6 }),
  },
  {
    rule: "lowest MED",
    why: "a missing one is the lowest (RFC 4271 §9.1.2.2 c)",
    winner: routeFrom({ ...two, asn: one.asn }, { asPath: [sequence(one.asn)] }),
    loser: routeFrom(one, { med: 1 }),
  },
  {
    rule: "lowest MED",
    why: "the neighbor AS of an iBGP route is the first of its path, behind confederation segments",
    winner: routeFrom(internalPeer(2), {
      asPath: [{ type: "confedSequence", asns: [4] }, sequence(65001)],
      med: 1,
    }),
    loser: routeFrom(one, { med: 2 }),
  },
  {
    rule: "lowest MED",
    why: "routes of our own AS, with an empty path or one that begins with a set, are of one neighbor AS",
    winner: routeFrom(internalPeer(2), { asPath: [{ type: "set", asns: [8] }], med: 1 }),
    loser: routeFrom(internalPeer(1), { asPath: [{ type: "set", asns: [9] }], med: 2 }),
  },
  {
    rule: "eBGP over iBGP",
    why: "before the router ID (RFC 4271 §9.1.2.2 d)",
    winner: routeFrom(two),
    loser: routeFrom(internalPeer(1), { asPath: [sequence(7)] }),
  },
  {
    rule: "lowest peer router ID",
    why: "not compared between different neighbor ASes: MED (RFC 4271 §9.1.2.2 c, f)",
    winner: routeFrom(one, { med: 100 }),
    loser: routeFrom(two, { med: 1 }),
  },
  {
    rule: "lowest peer router ID",
    why: "as a number, so that 9.0.0.0 is below 10.0.0.0 (RFC 4271 §9.1.2.2 f)",
    winner: routeFrom(peerNumber(2, { routerId: "9.0.0.0" as RouterId })),
    loser: routeFrom(peerNumber(1, { routerId: "10.0.0.0" as RouterId })),
  },
  {
    rule: "lowest peer address",
    why: "as octets, so that fe80::9 is below fe80::10 (RFC 4271 §9.1.2.2 g)",
    winner: routeFrom(peerNumber(2, { routerId: one.routerId, address: "fe80::9" as Address })),
    loser: routeFrom(peerNumber(1, { routerId: one.routerId, address: "fe80::10" as Address })),
  },
  {
    rule: "lowest interface name",
    why: "eth2 before eth10, on two links to one router with the same link-local address",
    winner: routeFrom({ ...one, ifname: "eth2" }),
    loser: routeFrom({ ...one, ifname: "eth10" }),
  },
  {
    rule: "lowest interface name",
    why: "eth01 and eth1 are two interfaces",
    winner: routeFrom({ ...one, ifname: "eth01" }),
    loser: routeFrom({ ...one, ifname: "eth1" }),
  },
  {
    rule: "lowest interface name",
    why: "the last number counts after the ones before it",
    winner: routeFrom({ ...one, ifname: "swp9s10" }),
    loser: routeFrom({ ...one, ifname: "swp10s9" }),
  },
];

for (const { rule, why, winner, loser } of contests) {
  t.test(`${rule}: ${why}`, async (t) => {
    const expected = { best: winner, decidedBy: rule };
    t.strictSame(decide([winner, loser], local), expected);
    t.strictSame(decide([loser, winner], local), expected);
  });
}

t.test("one route is the best without any rule, and none gives none", async (t) => {
  const route = routeFrom(one);
  t.strictSame(decide([route], local), { best: route, decidedBy: "only route" });
  t.equal(decide([], local), undefined);
});

t.test("MED has no order between pairs, and yet no arrival order changes the choice", async (t) => {
  // Pair by pair: a beats b (router ID), b beats c (router ID), c beats a (MED).
  const a = routeFrom(peerNumber(1), { med: 20 });
  const b = routeFrom(peerNumber(2), { med: 5 });
  const c = routeFrom(peerNumber(3, { asn: one.asn }), { med: 10 });
  t.equal(decide([a, b], local)?.best, a);
  t.equal(decide([b, c], local)?.best, b);
  t.equal(decide([c, a], local)?.best, c);
  for (const routes of permutations([a, b, c])) {
    t.strictSame(decide(routes, local), { best: b, decidedBy: "lowest peer router ID" });
  }
});

t.test("no arrival order of four routes that differ late changes the choice", async (t) => {
  const routes = [
    routeFrom(peerNumber(4, { routerId: one.routerId })),
    routeFrom(peerNumber(3, { routerId: one.routerId })),
    routeFrom(peerNumber(3, { routerId: one.routerId, ifname: "eth20" })),
    routeFrom(internalPeer(1), { asPath: [sequence(9)] }),
  ];
  for (const order of permutations(routes)) {
    t.strictSame(decide(order, local), { best: routes[1], decidedBy: "lowest interface name" });
  }
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}
