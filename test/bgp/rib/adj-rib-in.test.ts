import t from "tap";
import { AdjRibIn } from "../../../src/bgp/rib/adj-rib-in.ts";
import { AttributePool } from "../../../src/bgp/rib/attribute-pool.ts";
import type { Peer } from "../../../src/bgp/rib/route.ts";
import type { NextHop } from "../../../src/bgp/wire/message.ts";
import type { Address } from "../../../src/net/address.ts";
import { prefix } from "../../../src/net/prefix.ts";
import {
  announcement,
  announcementFrom,
  attributes,
  internalPeer,
  local,
  peerNumber,
  sequence,
  v4,
  v6,
  withdrawal,
} from "./fixtures.ts";

const peer = peerNumber(1);

function adjRibIn(of: Peer = peer): AdjRibIn {
  return new AdjRibIn(of, { local, pool: new AttributePool() });
}

t.test("an announced prefix has a route until it is withdrawn (RFC 4271 §3.1)", async (t) => {
  const table = adjRibIn();
  table.apply(announcementFrom(peer, [v4, v6]));
  t.strictSame(table.get(v6), {
    prefix: v6,
    attributes: attributes({ asPath: [sequence(65001)] }),
    nextHop: { linkLocal: "fe80::1" },
    peer,
  });
  t.strictSame([...table.prefixes()], [v4, v6]);
  table.apply(withdrawal(v4));
  t.strictSame([...table.prefixes()], [v6]);
});

t.test("a prefix both withdrawn and announced is announced (RFC 4271 §4.3)", async (t) => {
  const table = adjRibIn();
  table.apply({ ...announcementFrom(peer, [v4]), withdrawn: [v4] });
  t.ok(table.get(v4));
});

t.test("LOCAL_PREF counts from an iBGP peer, not from an eBGP peer (RFC 4271 §5.1.5)", async (t) => {
  for (const [from, expected] of [
    [peer, undefined],
    [internalPeer(1), 500],
  ] as const) {
    const table = adjRibIn(from);
    table.apply(announcementFrom(from, [v4], { localPref: 500, asPath: [] }));
    t.equal(table.get(v4)?.attributes.localPref, expected);
  }
});

t.test("a path with our own ASN takes away the former path and is not used (RFC 4271 §9.1.2)", async (t) => {
  for (const looped of [
    [sequence(65001, 65000, 7)],
    [sequence(65001), { type: "set", asns: [65000] } as const],
  ]) {
    const table = adjRibIn();
    table.apply(announcementFrom(peer, [v4]));
    table.apply(announcementFrom(peer, [v4], { asPath: looped }));
    t.equal(table.get(v4), undefined);
    t.match(table, { received: 1, accepted: 0 });
    table.apply(withdrawal(v4));
    t.match(table, { received: 0, accepted: 0 });
  }
});

t.test("only a link-local next hop of another than us is usable (RFC 2545 §3, RFC 8950 §3)", async (t) => {
  const address = (text: string) => text as Address;
  const cases: readonly [string, NextHop, boolean][] = [
    ["link-local alone", { linkLocal: address("fe80::1") }, true],
    ["both", { global: address("2001:db8::1"), linkLocal: address("fe80::1") }, true],
    ["a third router's on the same link", { linkLocal: address("fe80::77") }, true],
    ["global alone", { global: address("2001:db8::1") }, false],
    ["IPv4", { global: address("192.0.2.1") }, false],
    ["a link-local half that is none", { global: address("2001:db8::1"), linkLocal: address("::") }, false],
    ["our own", { linkLocal: peer.localAddress }, false],
  ];
  for (const [name, nextHop, usable] of cases) {
    const table = adjRibIn();
    table.apply(announcement([v4], nextHop, attributes({ asPath: [sequence(65001)] })));
    t.equal(table.get(v4) !== undefined, usable, name);
    t.equal(table.received, 1, "and the prefix counts as received in any case");
  }
});

t.test("a family that the session does not have is not used", async (t) => {
  const from = peerNumber(1, { families: [6] });
  const table = adjRibIn(from);
  table.apply(announcementFrom(from, [v4, v6]));
  t.strictSame([...table.prefixes()], [v6]);
});

t.test("multicast and link-local prefixes are not used (RFC 4271 §6.3)", async (t) => {
  const table = adjRibIn();
  const never = ["224.0.0.0/4", "239.1.2.0/24", "ff00::/8", "ff02::/16", "fe80::/10", "fe80::/64"];
  const ordinary = ["0.0.0.0/0", "::/0", "223.0.0.0/8", "240.0.0.0/8", "fec0::/16", "fd00::/8"];
  table.apply(announcementFrom(peer, [...never, ...ordinary].map(prefix)));
  t.strictSame([...table.prefixes()], ordinary);
});
