import t from "tap";
import { Neighbors } from "../../../src/bgp/speaker/neighbors.ts";
import type { RouterAdvertisement } from "../../../src/linux/router-advertisement.ts";
import type { Address } from "../../../src/net/address.ts";
import { VirtualClock } from "../../../src/simulation/virtual-clock.ts";

const [one, two, three] = ["fe80::1", "fe80::2", "fe80::3"] as Address[] as [Address, Address, Address];

/** The peer of a session that is told it. */
const told = "fe80::ffff" as Address;

function advertisement(change: Partial<RouterAdvertisement> = {}): RouterAdvertisement {
  const { type, ...rest } = { type: "routerAdvertisement" as const, ...change };
  return { type, hopLimit: 64, lifetime: 0, sourceMac: undefined, intervalMs: 10_000, ...rest };
}

/** Neighbors on a clock of their own, and how often they told of a change. */
function create() {
  const clock = new VirtualClock();
  const seen = { changes: 0 };
  const neighbors = new Neighbors({ clock, isPeer: (address) => address === told }, () => seen.changes++);
  return { clock, neighbors, seen };
}

t.test("neighbors are in the order in which they came, however often they are heard", async (t) => {
  const { neighbors, seen } = create();
  t.equal(neighbors.hear(one, advertisement()), true);
  t.equal(neighbors.hear(two, advertisement()), true);
  t.equal(neighbors.hear(one, advertisement()), false);
  t.strictSame(neighbors.heard, [one, two]);
  t.equal(seen.changes, 2, "and only what is new is told");
});

const silences: { why: string; change: Partial<RouterAdvertisement>; seconds: number }[] = [
  { why: "three of the intervals that it tells of", change: { intervalMs: 4000 }, seconds: 12 },
  {
    why: "its lifetime, which is three intervals",
    change: { intervalMs: undefined, lifetime: 30 },
    seconds: 30,
  },
  {
    why: "three of RFC 4861's intervals if it tells nothing",
    change: { intervalMs: undefined },
    seconds: 1800,
  },
  { why: "a second at least", change: { intervalMs: 30 }, seconds: 1 },
  {
    why: "three of the longest intervals at most",
    change: { intervalMs: 0xffff_ffff },
    seconds: 3 * 65_535,
  },
];

for (const { why, change, seconds } of silences) {
  t.test(`a silent neighbor is forgotten after ${why}`, async (t) => {
    const { clock, neighbors } = create();
    neighbors.hear(two, advertisement({ intervalMs: 600_000 }));
    clock.advance(500);
    neighbors.hear(one, advertisement(change));
    clock.advance(seconds * 1000 - 1);
    t.ok(neighbors.heard.includes(one));
    clock.advance(1);
    t.notOk(neighbors.heard.includes(one));
    if (seconds < 1800) t.equal(neighbors.lost, "fe80::1 was last heard at 2026-01-29T00:00:00.500Z");
  });
}

t.test("every advertisement begins the wait anew", async (t) => {
  const { clock, neighbors } = create();
  for (let heard = 0; heard < 5; heard++) {
    neighbors.hear(one, advertisement());
    clock.advance(29_000);
    t.strictSame(neighbors.heard, [one]);
  }
});

t.test("a router that says that it leaves is no candidate any more (RFC 4861 §6.2.5)", async (t) => {
  const { clock, neighbors } = create();
  neighbors.hear(one, advertisement({ lifetime: 1800 }));
  neighbors.hear(two, advertisement());
  neighbors.hear(one, advertisement({ lifetime: 0 }));
  t.strictSame(neighbors.heard, [two]);
  t.match(neighbors.lost, /^fe80::1 said at .* that it leaves$/);
  clock.advance(3000);
  neighbors.hear(one, advertisement({ lifetime: 0 }));
  t.strictSame(neighbors.heard, [two], "however often it says so");
  neighbors.hear(one, advertisement({ lifetime: 1800 }));
  t.strictSame(neighbors.heard, [one, two], "and one again once it has changed its mind");
});

t.test("a router that never was anybody's default router does not leave by saying so again", async (t) => {
  const { neighbors } = create();
  neighbors.hear(one, advertisement({ lifetime: 0 }));
  neighbors.hear(one, advertisement({ lifetime: 0 }));
  t.strictSame(neighbors.heard, [one]);
});

t.test("a router that left may come back as one that never was a default router", async (t) => {
  const { clock, neighbors } = create();
  neighbors.hear(one, advertisement({ lifetime: 1800 }));
  neighbors.hear(one, advertisement({ lifetime: 0 }));
  clock.advance(10_000);
  neighbors.hear(one, advertisement({ lifetime: 0 }));
  t.strictSame(neighbors.heard, [one]);
});

t.test("a router's new address takes the place of its old one", async (t) => {
  const { clock, neighbors, seen } = create();
  const sourceMac = "02:fe:80:00:00:01";
  neighbors.hear(one, advertisement({ sourceMac }));
  neighbors.hear(two, advertisement());
  t.equal(neighbors.hear(three, advertisement({ sourceMac })), true, "it may not have heard of us");
  t.strictSame(neighbors.heard, [three, two]);
  t.equal(seen.changes, 3);
  clock.advance(30_000);
  t.strictSame(neighbors.heard, [], "and the old one is not waited for");
});

t.test("a crowd of routers that nobody has ever seen has an end", async (t) => {
  const { neighbors } = create();
  for (let host = 1; host < 1000; host++) neighbors.hear(`fe80::${host}` as Address, advertisement());
  t.equal(neighbors.heard.length, 64);
  t.equal(neighbors.hear(told, advertisement()), true, "a peer that a session is told comes in all the same");
  t.equal(neighbors.heard[0], one, "and cannot drive out who was there first");
});
