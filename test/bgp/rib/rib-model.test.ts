import assert from "node:assert/strict";
import fc from "fast-check";
import t, { type Test } from "tap";
import { Rib } from "../../../src/bgp/rib/rib.ts";
import type { BestChange, Peer } from "../../../src/bgp/rib/route.ts";
import type { PathAttributes, Update } from "../../../src/bgp/wire/message.ts";
import type { Address, Family } from "../../../src/net/address.ts";
import { type Prefix, prefix } from "../../../src/net/prefix.ts";
import { announcement, internalPeer, local, noPolicy, peerNumber, sequence } from "./fixtures.ts";
import { happen, Replay, type RibEvent, RibModel, tableText } from "./rib-model.ts";

const prefixes = ["10.0.0.0/24", "10.0.1.0/24", "2001:db8::/32", "2001:db9::/32"].map(prefix);

/** Two in one AS with one address and router ID, two of our own AS, one that cannot take IPv4, one without IPv6 and with an import list; some mark refreshes. */
const peers: readonly Peer[] = [
  peerNumber(1),
  peerNumber(1, { ifname: "eth10" }),
  internalPeer(2),
  internalPeer(3, { enhancedRouteRefresh: true }),
  peerNumber(4, { extendedNextHop: false }),
  peerNumber(5, {
    families: [4],
    enhancedRouteRefresh: true,
    policy: { ...noPolicy, importPrefixes: new Set(prefixes.slice(1)) },
  }),
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

const anyUpdate: fc.Arbitrary<Update> = fc
  .record({
    withdrawn: fc.uniqueArray(anyPrefix),
    announced: fc.uniqueArray(anyPrefix),
    nextHop: anyNextHop,
    attributes: anyAttributes,
  })
  .map(({ withdrawn, announced, nextHop, attributes }) => ({
    ...announcement(announced, nextHop, attributes),
    withdrawn,
  }));

/** Import lists stay: they make a difference only to what is told from then on. */
const anyPolicy = fc
  .record({
    peer: anyPeer,
    exported: fc.option(fc.uniqueArray(anyPrefix)),
    nextHop: fc.constantFrom(
      null,
      { ipv4: "fe80::77" as Address },
      { ipv6: "2001:db8::7" as Address, ipv4: "fe80::78" as Address },
    ),
    med: fc.constantFrom(null, 5),
  })
  .map(
    ({ peer, exported, nextHop, med }): RibEvent => ({
      type: "setPolicy",
      ifname: peer.ifname,
      policy: {
        ...(peer.policy ?? noPolicy),
        exportPrefixes: exported && new Set(exported),
        nextHop,
        med,
      },
    }),
  );

const anyEvent: fc.Arbitrary<RibEvent> = fc.oneof(
  fc.record({ type: fc.constantFrom("originate", "withdraw"), prefix: anyPrefix }),
  fc.record({ type: fc.constant("peerUp"), peer: anyPeer.map((peer) => ({ ...peer })) }),
  fc.record({ type: fc.constant("peerDown"), ifname: anyIfname }),
  { weight: 4, arbitrary: fc.record({ type: fc.constant("update"), ifname: anyIfname, update: anyUpdate }) },
  fc.record({ type: fc.constantFrom("pause", "resume"), ifname: anyIfname }),
  anyPolicy,
  fc.record({
    type: fc.constantFrom("refresh", "beginRefresh", "endRefresh"),
    ifname: anyIfname,
    family: anyFamily,
  }),
);

const allUp = peers.map((peer): RibEvent => ({ type: "peerUp", peer }));

t.test("after any events the tables are what the inputs so far say", async (t) => {
  holds(
    t,
    fc.property(fc.boolean(), fc.array(anyEvent, { maxLength: 60 }), (startUp, events) => {
      const [rib, model, replay] = [new Rib(local), new RibModel(), new Replay()];
      const followed = new Map<Prefix, BestChange["best"]>();
      for (const event of [...(startUp ? allUp : []), ...events]) {
        const effects = happen(rib, event);
        model.happen(event);
        replay.happen(event, effects);
        follow(effects.changes, followed);
        checkTables({ rib, model, replay, followed });
      }
    }),
  );
});

t.test("the order of what is independent makes no difference (RFC 4271 §9.1.2.2)", async (t) => {
  const inputs = fc.record({
    originated: fc.uniqueArray(anyPrefix),
    updates: fc.tuple(...peers.map(() => anyUpdate)),
  });
  const shuffled = inputs.chain(({ originated, updates }) => {
    const events: RibEvent[] = [
      ...originated.map((each): RibEvent => ({ type: "originate", prefix: each })),
      ...updates.map((update, at): RibEvent => ({ type: "update", ifname: peers[at]?.ifname ?? "", update })),
    ];
    const order = fc.shuffledSubarray(events, { minLength: events.length });
    return fc.tuple(fc.constant(events), order);
  });
  holds(
    t,
    fc.property(shuffled, ([events, order]) => {
      assert.deepEqual(outcome(order), outcome(events));
    }),
  );
});

function holds(t: Test, property: fc.IRawProperty<unknown>): void {
  t.doesNotThrow(() => fc.assert(property, { numRuns: 400 }));
}

/** Every best route, and all that every peer knows, after events with all peers up. */
function outcome(events: readonly RibEvent[]): unknown {
  const [rib, replay] = [new Rib(local), new Replay()];
  for (const event of [...allUp, ...events]) replay.happen(event, happen(rib, event));
  return {
    best: prefixes.map((each) => rib.bestOf(each)),
    known: peers.map(({ ifname }) => tableText(replay.knownTo(ifname) ?? new Map())),
  };
}

function follow(changes: readonly BestChange[], followed: Map<Prefix, BestChange["best"]>): void {
  for (const { prefix, best } of changes) {
    const former = followed.get(prefix);
    assert.notDeepEqual(former?.route, best?.route, `${prefix} did not change`);
    followed.set(prefix, best);
  }
}

function checkTables(all: {
  rib: Rib;
  model: RibModel;
  replay: Replay;
  followed: Map<Prefix, BestChange["best"]>;
}): void {
  const { rib, model, replay, followed } = all;
  const best = model.best();
  for (const each of prefixes) {
    assert.deepEqual(rib.bestOf(each), best.get(each));
    assert.deepEqual(followed.get(each)?.route, best.get(each)?.route);
  }
  assert.equal([...rib.best()].length, best.size);
  for (const peer of model.peers()) {
    const expected = tableText(model.advertised(peer));
    assert.deepEqual(tableText(replay.knownTo(peer.ifname) ?? new Map()), expected);
    assert.equal(rib.counts(peer.ifname)?.advertised, expected.length);
  }
}
