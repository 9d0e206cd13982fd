import t from "tap";
import { exportRoute } from "../../../src/bgp/rib/export.ts";
import { Rib } from "../../../src/bgp/rib/rib.ts";
import type { PeerPolicy } from "../../../src/bgp/rib/route.ts";
import type { Update } from "../../../src/bgp/wire/message.ts";
import { attributes, internalPeer, local, peerNumber, routeFrom, sequence, v4 } from "./fixtures.ts";

const none: PeerPolicy = { enforceFirstAs: false, med: null, communities: [], localPref: null };
const policy = (change: Partial<PeerPolicy>) => ({ policy: { ...none, ...change } });
const route = routeFrom(peerNumber(1), { med: 9, communities: [1, 2], localPref: 50 });

function heard(asPath: number[], localPref?: number): Update {
  return {
    type: "update",
    withdrawn: [],
    announced: [{ nextHop: { linkLocal: peerNumber(1).address }, prefixes: [v4] }],
    attributes: attributes({
      asPath: [sequence(...asPath)],
      ...(localPref === undefined ? {} : { localPref }),
    }),
    endOfRib: undefined,
    errors: [],
  };
}

t.test("a peer's policy sets MED and LOCAL_PREF and adds communities to all that it is told", async (t) => {
  const told = (peer: Parameters<typeof exportRoute>[1]) => exportRoute(route, peer, local)?.attributes;
  t.match(told(peerNumber(2, policy({ med: 3 }))), { med: 3 });
  t.match(told(peerNumber(2, policy({ communities: [2, 3] }))), { communities: [1, 2, 3] });
  t.match(told(internalPeer(2, policy({ localPref: 300 }))), { localPref: 300, med: 9 });
  t.notOk(
    "localPref" in (told(peerNumber(2, policy({ localPref: 300 }))) ?? {}),
    "which stays inside the AS",
  );
  t.strictSame(told(peerNumber(2, { policy: none })), told(peerNumber(2)), "an empty policy changes nothing");
});

t.test("a peer's policy sets LOCAL_PREF of all that it tells, whatever it says itself", async (t) => {
  const rib = new Rib(local);
  rib.peerUp(peerNumber(1, policy({ localPref: 300 })));
  rib.update("eth1", heard([65001], 7));
  t.equal(rib.bestOf(v4)?.route.attributes.localPref, 300);
});

t.test(
  "the first AS of an external peer's path is its own, if that is enforced (RFC 4271 §6.3)",
  async (t) => {
    const accepted = (peer: ReturnType<typeof peerNumber>, asPath: number[]) => {
      const rib = new Rib(local);
      rib.peerUp(peer);
      rib.update("eth1", heard(asPath));
      return rib.counts("eth1")?.accepted;
    };
    const enforced = policy({ enforceFirstAs: true });
    t.equal(accepted(peerNumber(1, enforced), [65001, 3]), 1);
    t.equal(accepted(peerNumber(1, enforced), [3, 65001]), 0);
    t.equal(accepted(peerNumber(1), [3, 65001]), 1);
    t.equal(accepted(internalPeer(1, enforced), [3]), 1, "an internal peer does not prepend itself");
  },
);

t.test(
  "a new policy is told at once where it makes a difference, and to a paused peer when it resumes",
  async (t) => {
    const rib = new Rib(local);
    rib.originate(v4);
    rib.peerUp(peerNumber(2));
    const [update] = rib.setPolicy("eth2", { ...none, med: 4 }).messages.get("eth2") ?? [];
    t.match(update, { announced: [{ prefixes: [v4] }], attributes: { med: 4 } });
    t.equal(rib.setPolicy("eth2", { ...none, med: 4 }).messages.size, 0, "nothing that it knows already");
    rib.pause("eth2");
    t.equal(rib.setPolicy("eth2", { ...none, med: 5 }).messages.size, 0);
    t.match(rib.resume("eth2").messages.get("eth2"), [{ attributes: { med: 5 } }]);
    t.equal(rib.setPolicy("eth9", none).messages.size, 0, "nobody is there");
  },
);
