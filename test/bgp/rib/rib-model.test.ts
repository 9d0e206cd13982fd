import assert from "node:assert/strict";
import fc from "fast-check";
import t, { type Test } from "tap";
import { openPolicy, type Peer, type Route } from "../../../src/bgp/rib/route.ts";
import type { PathAttributes } from "../../../src/bgp/wire/message.ts";
import type { Address, Family } from "../../../src/net/address.ts";
import { type Prefix, prefix } from "../../../src/net/prefix.ts";
import { TestRib, type TextEffects } from "./driver.ts";
import {
  announcement,
  endOfRibUpdate,
  internalPeer,
  local,
  peerNumber,
  sequence,
  withdrawal,
} from "./fixtures.ts";
import { happen, Replay, type RibEvent, RibModel } from "./rib-model.ts";
import { pathText, type TextUpdate } from "./text.ts";

const prefixes = ["10.0.0.0/24", "10.0.1.0/24", "2001:db8::/32", "2001:db9::/32"].map(prefix);

/**
 * Two in one AS with one address and router ID that share an Adj-RIB-Out with a third, two of our own AS, one of them a
 * client, one that cannot take IPv4, one without IPv6 and with an import list, one that is told all paths; some mark
 * refreshes, and some restart gracefully.
 */
const peers: readonly Peer[] = [
  peerNumber(1),
  peerNumber(1, { ifname: "eth10" }),
  peerNumber(6, { gracefulRestart: { restarting: false, forwarding: [4] } }),
  internalPeer(2),
  internalPeer(3, {
    enhancedRouteRefresh: true,
    policy: { ...openPolicy, routeReflectorClient: true },
  }),
  peerNumber(4, { extendedNextHop: false }),
  peerNumber(5, {
    families: [4],
    enhancedRouteRefresh: true,
    policy: { ...openPolicy, importPrefixes: new Set(prefixes.slice(1)) },
  }),
  peerNumber(7, { addPathSend: [4], enhancedRouteRefresh: true }),
];

const anyPrefix = fc.constantFrom(...prefixes);
const anyPeer = fc.constantFrom(...peers);
const anyIfname = anyPeer.map(({ ifname }) => ifname);
const anyFamily = fc.constantFrom<Family>(4, 6);

const anyAttributes: fc.Arbitrary<PathAttributes> = fc.record(
  {
    origin: fc.constantFrom("igp", "incomplete"),
    asPath: fc.constantFrom(
      [],
      [sequence(65001)],
      [sequence(65002)],
      [sequence(65001, 65002)],
      [sequence(65001, local.asn)],
    ),
    med: fc.nat(2),
    localPref: fc.constantFrom(100, 200),
    communities: fc.constantFrom([0xffffff01], [0xffffff02], [7]),
  },
  { requiredKeys: ["origin", "asPath"], noNullPrototype: true },
);

const anyNextHop = fc.constantFrom(
  { linkLocal: "fe80::1" as Address },
  { linkLocal: "fe80::2" as Address, global: "2001:db8::2" as Address },
  { global: "2001:db8::2" as Address },
);

const anyPath = fc.oneof(
  { weight: 4, arbitrary: anyPrefix },
  fc.tuple(anyPrefix, fc.integer({ min: 1, max: 2 })).map(([each, id]) => pathText(each, id)),
);

const anyUpdate: fc.Arbitrary<TextUpdate> = fc
  .record({
    withdrawn: fc.uniqueArray(anyPath),
    announced: fc.uniqueArray(anyPath),
    nextHop: anyNextHop,
    attributes: anyAttributes,
  })
  .map(({ withdrawn, announced, nextHop, attributes }) => ({
    ...announcement(announced, nextHop, attributes),
    withdrawn,
  }));

const anyPolicy = fc
  .record({
    peer: anyPeer,
    exported: fc.option(fc.uniqueArray(anyPrefix)),
    imported: fc.option(fc.uniqueArray(anyPrefix)),
    nextHop: fc.constantFrom(
      null,
      { ipv4: "fe80::77" as Address },
      { ipv6: "2001:db8::7" as Address, ipv4: "fe80::78" as Address },
    ),
    others: fc.record({
      med: fc.constantFrom(null, 5),
      localPref: fc.constantFrom(null, 300),
      routeReflectorClient: fc.boolean(),
      requirePolicy: fc.boolean(),
      allowOwnAs: fc.nat(1),
    }),
  })
  .map(
    ({ peer, exported, imported, nextHop, others }): RibEvent => ({
      type: "setPolicy",
      ifname: peer.ifname,
      policy: {
        ...openPolicy,
        ...others,
        exportPrefixes: exported && new Set(exported),
        importPrefixes: imported && new Set(imported),
        nextHop,
      },
    }),
  );

const anyEvent: fc.Arbitrary<RibEvent> = fc.oneof(
  fc.record({ type: fc.constantFrom("originate", "withdraw"), prefix: anyPrefix }),
  fc.record({ type: fc.constant("peerUp"), peer: anyPeer.map((peer) => ({ ...peer })) }),
  fc.record({
    type: fc.constant("peerDown"),
    ifname: anyIfname,
    keep: fc.constantFrom<readonly Family[]>([], [4], [4, 6]),
  }),
  { weight: 4, arbitrary: fc.record({ type: fc.constant("update"), ifname: anyIfname, update: anyUpdate }) },
  fc.record({
    type: fc.constant("update"),
    ifname: fc.constant("eth1"),
    update: anyFamily.map((family) => endOfRibUpdate(family)),
  }),
  fc.record({ type: fc.constantFrom("pause", "resume", "forget"), ifname: anyIfname }),
  anyPolicy,
  fc.record({
    type: fc.constantFrom("refresh", "beginRefresh", "endRefresh"),
    ifname: anyIfname,
    family: anyFamily,
  }),
);

const allUp = peers.map((peer): RibEvent => ({ type: "peerUp", peer }));

/** Another path of the same peer that says the same is no change, and so is another policy of the peer. */
function whereTo(route: Route | undefined): unknown {
  return route && { ...route, pathId: 0, peer: route.peer?.ifname };
}

/** A RIB, its model, and those who follow it. */
class Everything {
  readonly rib = new TestRib(local);
  readonly model = new RibModel();
  readonly replay = new Replay();
  readonly #followed = new Map<Prefix, Route | undefined>();

  happen(event: RibEvent, { limit, whole }: { limit: number; whole: boolean }): void {
    this.rib.limit = whole ? limit : 0;
    this.replay.happen(event);
    this.#follow(happen(this.rib, event));
    this.model.happen(event);
    if (!whole && limit > 0) this.#follow(this.rib.settle(limit));
    if (!this.rib.rib.busy) this.check();
  }

  settle(): void {
    while (this.rib.rib.busy) this.#follow(this.rib.settle(1));
    this.check();
  }

  /** All tables, if nothing is left to do. */
  check(): void {
    const best = this.model.best();
    for (const each of prefixes) {
      const found = this.rib.bestOf(each);
      assert.deepEqual(found && { route: found.route, decidedBy: found.decidedBy }, best.get(each));
      assert.deepEqual(whereTo(this.#followed.get(each)), whereTo(best.get(each)?.route));
    }
    assert.equal([...this.rib.best()].length, best.size);
    this.replay.checkEnds(this.model.peers());
    for (const peer of this.model.peers()) {
      const expected = this.model.advertised(peer);
      assert.deepEqual(this.replay.knownTo(peer.ifname), expected, peer.ifname);
      assert.equal(this.rib.counts(peer.ifname)?.advertised, expected.length);
      assert.equal([...this.rib.rib.advertised(peer.ifname)].length, expected.length);
    }
  }

  #follow(effects: TextEffects): void {
    this.replay.receive(effects);
    for (const { prefix: each, best } of effects.changes) this.#followed.set(each, best?.route);
  }
}

/** How much is settled after each event: nothing, all in pieces of a size, or one piece. */
const anyPace = fc.record({ event: anyEvent, limit: fc.constantFrom(0, 1, 2, 1000), whole: fc.boolean() });

t.test("after any events the tables are what the inputs so far say", async (t) => {
  holds(
    t,
    fc.property(fc.boolean(), fc.array(anyPace, { maxLength: 60 }), (startUp, paces) => {
      const all = new Everything();
      for (const event of startUp ? allUp : []) all.happen(event, { limit: 1000, whole: true });
      for (const { event, ...pace } of paces) all.happen(event, pace);
      all.settle();
    }),
  );
});

t.test("peers that share what they are told, and pause, hear what they must", async (t) => {
  const ifname = fc.constantFrom("eth1", "eth10", "eth6");
  const attributes = fc.constantFrom<PathAttributes>(
    { origin: "igp", asPath: [sequence(65001)] },
    { origin: "igp", asPath: [sequence(65001)], localPref: 1, med: 1 },
    { origin: "igp", asPath: [sequence(65001, local.asn)] },
  );
  const announced = fc
    .tuple(anyPrefix, attributes)
    .map(([each, shared]) => announcement([each], { linkLocal: "fe80::1" as Address }, shared));
  const update = fc.oneof(
    announced,
    anyPrefix.map((each) => withdrawal(each)),
  );
  const event: fc.Arbitrary<RibEvent> = fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant("update"), ifname, update }) },
    fc.record({ type: fc.constantFrom("pause", "resume"), ifname }),
  );
  const pace = fc.record({ event, limit: fc.constantFrom(0, 2, 1000), whole: fc.boolean() });
  holds(
    t,
    fc.property(fc.array(pace, { minLength: 5, maxLength: 60 }), (paces) => {
      const all = new Everything();
      for (const up of allUp.slice(0, 3)) all.happen(up, { limit: 1000, whole: true });
      for (const { event: each, ...how } of paces) all.happen(each, how);
      for (const { ifname: each } of peers) {
        all.happen({ type: "resume", ifname: each }, { limit: 0, whole: false });
      }
      all.settle();
    }),
    1000,
  );
});

t.test("the order of announcements makes no difference to what comes of them", async (t) => {
  const shuffled = fc
    .uniqueArray(fc.tuple(anyPeer, anyUpdate), { maxLength: 12, selector: ([{ ifname }]) => ifname })
    .chain((updates) => {
      const events: RibEvent[] = updates.map(([{ ifname }, update]) => ({ type: "update", ifname, update }));
      const order = fc.shuffledSubarray(events, { minLength: events.length });
      return fc.tuple(fc.constant(events), order);
    });
  holds(
    t,
    fc.property(shuffled, ([events, order]) => {
      assert.deepEqual(outcome(order), outcome(events));
    }),
    100,
  );
});

t.test("when all is gone nothing is kept", async (t) => {
  holds(
    t,
    fc.property(fc.array(anyPace, { maxLength: 60 }), (paces) => {
      const all = new Everything();
      for (const { event, ...pace } of paces) all.happen(event, pace);
      for (const each of prefixes) all.happen({ type: "withdraw", prefix: each }, { limit: 0, whole: false });
      for (const { ifname } of peers) {
        all.happen({ type: "peerDown", ifname, keep: [] }, { limit: 0, whole: false });
        all.happen({ type: "forget", ifname }, { limit: 0, whole: false });
      }
      all.settle();
      all.rib.settle(1);
      assert.deepEqual(all.rib.rib.sizes, { prefixes: 0, paths: 0, routes: 0 });
    }),
  );
});

function holds(t: Test, property: fc.IRawProperty<unknown>, numRuns = 400): void {
  t.doesNotThrow(() => fc.assert(property, { numRuns }));
}

/** Every best route, and all that every peer knows, after events with all peers up. */
function outcome(events: readonly RibEvent[]): unknown {
  const all = new Everything();
  for (const event of [...allUp, ...events]) all.happen(event, { limit: 1000, whole: true });
  return {
    best: prefixes.map((each) => all.rib.bestOf(each)),
    known: peers.map(({ ifname }) => all.replay.knownTo(ifname)),
  };
}
