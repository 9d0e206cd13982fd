import t from "tap";
import { LocRib } from "../../../src/bgp/rib/loc-rib.ts";
import type { Address } from "../../../src/net/address.ts";
import { local, peerNumber, routeFrom, sequence, v4 } from "./fixtures.ts";

const short = routeFrom(peerNumber(2));
const long = routeFrom(peerNumber(1), { asPath: [sequence(65001, 9)] });

t.test("the best route is kept with the rule that made it so", async (t) => {
  const locRib = new LocRib(local);
  const best = { route: short, decidedBy: "shortest AS path" };
  t.strictSame(locRib.choose(v4, [long, short]), { prefix: v4, best });
  t.strictSame(locRib.get(v4), best);
  t.strictSame([...locRib.all()], [best]);
});

t.test("a change of the others is none of the best, though another rule may now decide", async (t) => {
  const locRib = new LocRib(local);
  locRib.choose(v4, [short]);
  t.equal(locRib.choose(v4, [long, { ...short }]), undefined);
  t.equal(locRib.get(v4)?.decidedBy, "shortest AS path");
});

t.test("another peer, other attributes or another next hop make it another route", async (t) => {
  const others = [
    { ...short, peer: peerNumber(2) },
    { ...short, attributes: { ...short.attributes, med: 1 } },
    { ...short, nextHop: { linkLocal: "fe80::22" as Address } },
    { ...short, nextHop: { ...short.nextHop, global: "2001:db8::2" as Address } },
  ];
  for (const other of others) {
    const locRib = new LocRib(local);
    locRib.choose(v4, [short]);
    t.strictSame(locRib.choose(v4, [other])?.best?.route, other);
  }
});

t.test("without routes there is no best, which is news only once", async (t) => {
  const locRib = new LocRib(local);
  t.equal(locRib.choose(v4, []), undefined);
  locRib.choose(v4, [short]);
  t.strictSame(locRib.choose(v4, []), { prefix: v4, best: undefined });
  t.equal(locRib.choose(v4, []), undefined);
  t.strictSame([...locRib.all()], []);
});
