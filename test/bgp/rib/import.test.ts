import t from "tap";
import { openPolicy, type Peer, type PeerPolicy } from "../../../src/bgp/rib/route.ts";
import type { NextHop, PathAttributes } from "../../../src/bgp/wire/message.ts";
import type { Address, RouterId } from "../../../src/net/address.ts";
import { type Prefix, prefix } from "../../../src/net/prefix.ts";
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
  v6,
  withdrawal,
} from "./fixtures.ts";

const peer = peerNumber(1);
const policy = (change: Partial<PeerPolicy>): Partial<Peer> => ({ policy: { ...openPolicy, ...change } });

interface Heard {
  readonly from?: Peer;
  readonly prefix?: Prefix;
  readonly told?: Partial<PathAttributes>;
  readonly nextHop?: NextHop;
}

/** Why a route is not used, or what it became. */
function importOf({ from = peer, prefix: to = v4, told = {}, nextHop }: Heard) {
  const rib = new TestRib(local);
  rib.peerUp(from);
  const asPath = from.asn === local.asn ? [] : [sequence(from.asn)];
  const shared = attributes({ asPath, ...told });
  rib.update(from.ifname, announcement([to], nextHop ?? { linkLocal: from.address }, shared));
  const [candidate] = rib.candidates(to);
  t.equal(candidate?.usable, rib.bestOf(to) !== undefined);
  return candidate?.usable ? candidate.attributes : candidate?.why;
}

t.test("an announced prefix has a route until it is withdrawn (RFC 4271 §3.1)", async (t) => {
  const rib = new TestRib(local);
  rib.peerUp(peer);
  rib.update("eth1", announcementFrom(peer, [v4, v6]));
  t.match(rib.bestOf(v6)?.route, { prefix: v6, nextHop: { linkLocal: "fe80::1" }, peer });
  rib.update("eth1", withdrawal(v4));
  t.strictSame(
    [...rib.rib.received("eth1")].map((route) => route.prefix),
    [v6],
  );
  t.strictSame([...rib.rib.received("eth9")], []);
});

t.test("a prefix both withdrawn and announced is announced (RFC 4271 §4.3)", async (t) => {
  const rib = new TestRib(local);
  rib.peerUp(peer);
  rib.update("eth1", { ...announcementFrom(peer, [v4]), withdrawn: [v4] });
  t.ok(rib.bestOf(v4));
});

t.test("LOCAL_PREF counts from an iBGP peer, not from an eBGP peer (RFC 4271 §5.1.5)", async (t) => {
  const told = { localPref: 500, asPath: [] };
  t.notOk("localPref" in Object(importOf({ told })));
  t.match(importOf({ from: internalPeer(1), told }), { localPref: 500 });
});

t.test("what is told with GRACEFUL_SHUTDOWN is used last (RFC 8326 §4.3)", async (t) => {
  const told = { communities: [0xffff0000] };
  t.match(importOf({ told }), { localPref: 0 });
  t.match(importOf({ told, from: peerNumber(1, policy({ localPref: 300 })) }), { localPref: 0 });
});

t.test("a path with our own ASN is a loop (RFC 4271 §9.1.2), unless it may be there so often", async (t) => {
  const once = { asPath: [sequence(65001, 65000, 7)] };
  const twice = { asPath: [sequence(65001, 65000), { type: "set", asns: [65000] } as const] };
  t.equal(importOf({ told: once }), "AS loop");
  t.equal(importOf({ told: twice }), "AS loop");
  const allowing = peerNumber(1, policy({ allowOwnAs: 1 }));
  t.match(importOf({ told: once, from: allowing }), once);
  t.equal(importOf({ told: twice, from: allowing }), "AS loop");
});

t.test("a route that we have reflected ourselves is a loop (RFC 4456 §8)", async (t) => {
  const from = internalPeer(1);
  t.equal(importOf({ from, told: { originatorId: local.routerId } }), "ORIGINATOR_ID is ours");
  const clusterList = ["0.0.0.9" as RouterId, local.clusterId];
  t.equal(importOf({ from, told: { clusterList } }), "CLUSTER_LIST loop");
  t.match(importOf({ from, told: { clusterList: clusterList.slice(0, 1) } }), { clusterList: ["0.0.0.9"] });
});

t.test("only a link-local next hop of another than us is usable (RFC 2545 §3, RFC 8950 §3)", async (t) => {
  const address = (text: string) => text as Address;
  const cases: readonly [string, NextHop, string | undefined][] = [
    ["link-local alone", { linkLocal: address("fe80::1") }, undefined],
    ["both", { global: address("2001:db8::1"), linkLocal: address("fe80::1") }, undefined],
    ["a third router's on the same link", { linkLocal: address("fe80::77") }, undefined],
    ["global alone", { global: address("2001:db8::1") }, "next hop unreachable"],
    ["IPv4", { global: address("192.0.2.1") }, "next hop unreachable"],
    ["none", { global: address("2001:db8::1"), linkLocal: address("::") }, "next hop unreachable"],
    ["our own", { linkLocal: peer.localAddress }, "next hop is our own"],
  ];
  for (const [name, nextHop, why] of cases) {
    if (why === undefined) t.match(importOf({ nextHop }), { origin: "igp" }, name);
    else t.equal(importOf({ nextHop }), why, name);
  }
});

t.test("a family that the session does not have is not used", async (t) => {
  t.equal(importOf({ from: peerNumber(1, { families: [6] }) }), "family not negotiated");
});

t.test("multicast and link-local prefixes are not used (RFC 4271 §6.3)", async (t) => {
  const never = ["224.0.0.0/4", "239.1.2.0/24", "ff00::/8", "ff02::/16", "fe80::/10", "fe80::/64"];
  const ordinary = ["0.0.0.0/0", "::/0", "223.0.0.0/8", "240.0.0.0/8", "fec0::/16", "fd00::/8"];
  for (const each of never) t.equal(importOf({ prefix: prefix(each) }), "no unicast prefix", each);
  for (const each of ordinary) t.match(importOf({ prefix: prefix(each) }), { origin: "igp" }, each);
});

t.test(
  "the first AS of an external peer's path is its own, if that is enforced (RFC 4271 §6.3)",
  async (t) => {
    const from = peerNumber(1, policy({ enforceFirstAs: true }));
    t.equal(importOf({ from, told: { asPath: [sequence(3, 65001)] } }), "first AS is not the peer's");
  },
);

t.test("an external peer without an import policy is not used, if one is required (RFC 8212)", async (t) => {
  const required = policy({ requirePolicy: true });
  t.equal(importOf({ from: peerNumber(1, required) }), "no import policy (RFC 8212)");
  t.match(importOf({ from: internalPeer(1, required) }), { origin: "igp" });
  const all = { name: "all", rules: [{ match: {}, set: {}, action: "accept" }] } as const;
  t.match(importOf({ from: peerNumber(1, policy({ requirePolicy: true, import: all })) }), { origin: "igp" });
});

t.test("an import policy changes routes, or says which rule rejected them", async (t) => {
  const rules = [
    { match: { communities: [7] }, set: {}, action: "reject" },
    { match: {}, set: { localPref: 150 }, action: "accept" },
  ] as const;
  const from = peerNumber(1, policy({ import: { name: "customers", rules } }));
  t.match(importOf({ from }), { localPref: 150 });
  t.match(importOf({ from, told: { communities: [7] } }), "rejected by customers rule 1");
});

t.test("an import policy may look at prefixes", async (t) => {
  const rules = [
    { match: { prefixes: [{ prefix: v4, ge: 24, le: 24 }] }, set: { med: 9 }, action: "accept" },
  ] as const;
  const from = peerNumber(1, policy({ import: { name: "some", rules } }));
  const rib = new TestRib(local);
  rib.peerUp(from);
  const other = prefix("10.0.1.0/24");
  rib.update("eth1", announcementFrom(from, [v4, other]));
  t.equal(rib.bestOf(v4)?.route.attributes.med, 9);
  t.match(rib.candidates(other), [{ usable: false, why: "rejected by the end of some" }]);
  rib.setPolicy("eth1", openPolicy);
  t.equal(rib.bestOf(v4)?.route.attributes.med, undefined, "what the peer told is still there as it came");
  t.ok(rib.bestOf(other));
});

t.test("too many prefixes that are not rejected are too many (RFC 4486)", async (t) => {
  const rib = new TestRib(local);
  const from = peerNumber(1, policy({ prefixLimit: 1, importPrefixes: new Set([v4, v6]) }));
  rib.peerUp(from);
  const send = (...prefixes: Prefix[]) => rib.take("eth1", announcementFrom(from, prefixes));
  t.equal(send(prefix("10.9.0.0/24"), v4), undefined);
  t.strictSame(send(v6), { received: 2 });
});
